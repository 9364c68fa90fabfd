//! Unit tests of the example `scan`: keys, lines, sums, troubles, and scans within this process.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, UNIX_EPOCH};

use bytetrie::algebra::{AlgebraicResult, Lattice};
use bytetrie::{Change, PathMap};
use bytetrie_scan::args::{Args, Format, Style};
use bytetrie_scan::meta::{Kind, Meta};
use bytetrie_scan::scan::{Found, Plan};
use bytetrie_scan::stream::Stream;
use bytetrie_scan::trouble::{Shown, Trouble};
use bytetrie_scan::{meta, print, queue, system, tree, trouble};
use clap::Parser;
use proptest::prelude::*;
use serde_json::{Value, json};

fn key(path: &[u8]) -> Vec<u8> {
    let mut key = Vec::new();
    meta::add_key(0, path, &mut key);
    key
}

fn file(size: u64) -> Meta {
    Meta { size, ..Meta::unknown(Kind::File) }
}

/// Components of paths: some from a few names, which sort before a slash or are prefixes of
/// others, and some of random bytes.
fn components() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let few = prop::sample::select(vec![&b"a"[..], b"a.b", b"a-b", b"a b", b"b", b"\xFF", b"\x01"])
        .prop_map(<[u8]>::to_vec);
    let any = prop::collection::vec((1u8..).prop_filter("no slash", |&byte| byte != b'/'), 1..4);
    prop::collection::vec(prop_oneof![4 => few, 1 => any], 1..5)
}

/// Paths of files. No path is a directory on another path.
fn files() -> impl Strategy<Value = BTreeMap<Vec<Vec<u8>>, u64>> {
    prop::collection::btree_map(components(), 0..1000u64, 0..12).prop_map(|files| {
        let within = |path: &Vec<Vec<u8>>| (1..path.len()).any(|n| files.contains_key(&path[..n]));
        files.iter().filter(|(path, _)| !within(path)).map(|(path, size)| (path.clone(), *size)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_keys_is_that_of_components(a in components(), b in components()) {
        let paths = [&a, &b].map(|components| components.join(&b'/'));
        let keys = paths.each_ref().map(|path| key(path));
        prop_assert_eq!(keys[0].cmp(&keys[1]), a.cmp(&b));
        for (path, key) in paths.iter().zip(&keys) {
            let mut back = Vec::new();
            meta::add_path(key, &mut back);
            prop_assert_eq!(path, &back);
        }
    }

    #[test]
    fn sums_are_those_of_a_list(files in files()) {
        let below = |path: &Vec<Vec<u8>>| key(&[&b"r/"[..], &path.join(&b'/')].concat());
        let map: PathMap<Meta> = files.iter().map(|(path, &size)| (below(path), file(size))).collect();
        let mut expected = BTreeMap::from([(Vec::new(), 0)]);
        for (path, &size) in &files {
            for n in 0..path.len() {
                *expected.entry(path[..n].to_vec()).or_insert(0) += size;
            }
        }
        prop_assert_eq!(tree::sums(&map, &key(b"r/")), expected.into_values().collect::<Vec<_>>());
    }

    #[test]
    fn a_line_of_json_is_read_back(path in components(), size: u64, seconds: i64, nanoseconds in 0..1_000_000_000u32) {
        let path = path.join(&b'/');
        let meta = Meta { size, seconds, nanoseconds, kind: Kind::Other, again: false };
        let mut line = Vec::new();
        let style = Style { format: Format::Jsonl, end: b'\n' };
        print::entry(style, &path, &meta, &mut line);
        let end = line.len();
        print::change(style, &path, Change::Changed(&meta, &file(7)), &mut line);
        prop_assert!(line.iter().enumerate().all(|(at, &byte)| (byte == b'\n') == (at == end - 1 || at == line.len() - 1)));

        let modified = json!({ "seconds": seconds, "nanoseconds": nanoseconds });
        let mut expected = json!({ "kind": "other", "size": size, "modified": modified });
        match str::from_utf8(&path) {
            Ok(path) => expected["path"] = path.into(),
            Err(_) => expected["path_bytes"] = path.into(),
        }
        prop_assert_eq!(serde_json::from_slice::<Value>(&line[..end]).unwrap(), expected.clone());

        let change: Value = serde_json::from_slice(&line[end..]).unwrap();
        let before = change["before"].as_object().unwrap();
        prop_assert_eq!(before.iter().filter(|&(name, field)| &expected[name] == field).count(), 3);
        prop_assert_eq!((&change["change"], &change["size"]), (&"changed".into(), &7.into()));
    }

    #[test]
    fn what_is_shown_is_one_line_and_tells_paths_apart(a in components(), b in components()) {
        let [a, b] = [a, b].map(|components| components.join(&b'/'));
        let shown = [&a, &b].map(|path| Shown(path).to_string());
        prop_assert!(!shown[0].contains(char::is_control));
        prop_assert_eq!(shown[0] == shown[1], a == b);
    }
}

#[test]
fn what_is_in_a_directory_follows_it() {
    let mut keys = [&b"a"[..], b"a-b", b"a.b", b"a/b", b"a/c", b"a0"].map(key);
    keys.sort();
    let paths = keys.map(|key| {
        let mut path = Vec::new();
        meta::add_path(&key, &mut path);
        String::from_utf8(path).unwrap()
    });
    assert_eq!(paths, ["a", "a/b", "a/c", "a-b", "a.b", "a0"]);
}

#[test]
fn what_is_known_of_an_entry_stays_small() {
    assert_eq!(size_of::<Meta>(), 24);
    let (old, new) = (file(1), file(2));
    assert_eq!(old.pjoin(&new), AlgebraicResult::Identity(1), "the left one");
    assert_eq!(old.pmeet(&old), AlgebraicResult::Identity(3), "both");
    assert_eq!((new.counted(), Meta { again: true, ..new }.counted()), (2, 0));
}

#[test]
fn times_before_1970_are_rounded_down() {
    let path = std::env::temp_dir().join(format!("bytetrie-scan-times-{}", std::process::id()));
    let file = fs::File::create(&path).expect("the temporary directory can be written");
    let times = [(0, (0, 0)), (1_500, (1, 500_000_000)), (-1_500, (-2, 500_000_000)), (-2_000, (-2, 0))];
    for (milliseconds, expected) in times {
        let distance = Duration::from_millis(i64::unsigned_abs(milliseconds));
        let time = if milliseconds < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
        file.set_modified(time).expect("it is ours");
        let meta = system::look_at(meta::bytes_of(&path)).expect("it is there").meta;
        assert_eq!((meta.seconds, meta.nanoseconds), expected);
    }
    fs::remove_file(path).expect("it is ours");
}

#[test]
fn troubles_are_told_in_one_line() {
    use trouble::Kind::*;
    let denied = io::Error::from(io::ErrorKind::PermissionDenied);
    let told = |trouble: Trouble| (trouble.kind, trouble.to_string());
    let closed = Trouble::unreadable(b"a\n/closed", &denied);
    assert_eq!(told(closed), (Unreadable, "a\\n/closed: permission denied".to_string()));
    let looped = Trouble::looped(b"a/b\\c", b"a\xFF");
    assert_eq!(told(looped), (Loop, "a/b\\\\c: a loop: this link leads back to a\\xFF".to_string()));
    let rule = Trouble { path: b"r".to_vec(), reason: "a\nb".to_string(), kind: Rule };
    assert_eq!(told(rule), (Rule, "r: a\u{FFFD}b".to_string()));
}

/// A directory of three directories of 100 files each, removed at the end.
struct Files(PathBuf);

impl Files {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("bytetrie-scan-{name}-{}", std::process::id()));
        for directory in ["x", "y", "y/z"] {
            fs::create_dir_all(root.join(directory)).expect("the temporary directory can be written");
            for i in 0..100 {
                fs::write(root.join(directory).join(format!("{i:0>200}")), b"123")
                    .expect("it can be written");
            }
        }
        Self(root)
    }

    fn args(&self, args: &[&str]) -> Args {
        let root = self.0.to_str().expect("it is text");
        Args::parse_from(["scan", "--no-gitignore", "--hidden", root].iter().chain(args))
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_map_has_all_that_is_printed() {
    let files = Files::new("map");
    for threads in ["1", "2", "5"] {
        let lines = files.args(&["--threads", threads, "--dirs"]);
        let (printed, stream) = kept();
        let listed = scanned(&lines, &stream);
        stream.finish().unwrap();
        let printed = printed.lock().unwrap().clone();
        assert_eq!((listed.entries, listed.bytes, listed.stopped), (304, None, false));
        assert!(listed.map.is_empty(), "nobody reads it");

        let args = files.args(&["--threads", threads, "--dirs", "--format=tree"]);
        let found = scanned(&args, &Arc::new(Stream::new(io::sink())));
        assert_eq!((found.entries, found.bytes, found.stopped), (304, Some(900), false));
        assert_eq!((found.unreadable(), found.troubles.len()), (0, 0));
        assert!((1..=5).contains(&found.maps) && found.joining <= found.time);
        found.map.check().expect("the map is well-formed");
        let printed: BTreeSet<_> =
            printed.split_inclusive(|&byte| byte == b'\n').map(|line| key(&line[..line.len() - 1])).collect();
        assert!(found.map.keys().eq(printed), "in the same order");
        let root = key(files.0.join("").as_os_str().as_encoded_bytes());
        assert_eq!(tree::sums(&found.map, &root), [900, 300, 600, 300], "the root, x, y and y/z");
        let again = scanned(&args, &Arc::new(Stream::new(io::sink())));
        assert_eq!(again.map, found.map);
    }
}

/// Scans with these arguments.
fn scanned(args: &Args, stream: &Arc<Stream>) -> Found {
    Plan::new(args).unwrap().scan(stream, true, |_| {}).unwrap()
}

/// A writer that collects what is written to the stream.
fn kept() -> (Arc<Mutex<Vec<u8>>>, Arc<Stream>) {
    struct Kept(Arc<Mutex<Vec<u8>>>);
    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let kept = Arc::default();
    (Arc::clone(&kept), Arc::new(Stream::new(Kept(kept))))
}

/// A writer that fails after this number of bytes.
struct Narrow(usize);

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn lines_come_before_the_end_and_nobody_reading_is_the_end() {
    let files = Files::new("narrow");
    // Each path is longer than 200 bytes, so all paths together are more than one piece.
    let args = files.args(&["--threads=1", "--format=jsonl", "--dirs"]);
    let stream = Arc::new(Stream::new(Narrow(1_000)));
    let found = scanned(&args, &stream);
    assert!(stream.failed());
    assert_eq!(stream.finish().unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    assert!(found.stopped && found.entries < 304, "{} of 304 were found", found.entries);
}

/// A slow writer that reports each piece.
struct Slow(mpsc::Sender<Vec<u8>>);

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        std::thread::sleep(Duration::from_millis(150));
        self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn pieces_are_whole_lines_and_the_deadline_holds() {
    let files = Files::new("slow");
    let args = files.args(&["--threads=1", "--deadline=0.1"]);
    let (sender, pieces) = mpsc::channel();
    let stream = Arc::new(Stream::new(Slow(sender)));
    let mut told = Vec::new();
    let found = Plan::new(&args).unwrap().scan(&stream, true, |entries| told.push(entries)).unwrap();
    stream.finish().unwrap();
    drop(Arc::into_inner(stream));
    let pieces: Vec<_> = pieces.iter().collect();
    assert!(pieces.iter().all(|piece| piece.ends_with(b"\n") && piece.starts_with(b"/")), "{pieces:?}");
    let lines = pieces.iter().flatten().filter(|&&byte| byte == b'\n').count();
    assert_eq!(lines as u64, found.entries);
    assert!(told.is_sorted() && told.last().is_none_or(|&last| last <= found.entries));
    // The first piece is written when there are 64 KiB of lines, and writing it lasts past the
    // deadline.
    assert!(found.stopped && found.entries < 300, "{} of 300 were found", found.entries);
}

#[test]
fn an_outline_may_be_of_directories_alone() {
    let files = Files::new("outline");
    let args = files.args(&["--format=tree", "--max-depth=1", "--dirs"]);
    let found = scanned(&args, &Arc::new(Stream::new(io::sink())));
    let mut out = Vec::new();
    tree::write(&mut out, &args, &found.map, 0).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<_> = text.lines().map(str::trim_start).collect();
    assert_eq!(lines, [format!("0  {}/", files.0.display()).as_str(), "0    x/", "0    y/"]);
    let failed = tree::write(&mut Narrow(5), &args, &found.map, 0);
    assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}

/// Counts lines and keeps the last bytes.
struct Last(usize, Vec<u8>);

impl Write for Last {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.iter().filter(|&&byte| byte == b'\n').count();
        self.1 = bytes.to_vec();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_outline_may_be_deeper_than_a_width_is_wide() {
    let args = Args::parse_from(["scan", "--format=tree", "r"]);
    let mut last = Last(0, Vec::new());
    let deep = key(&[&b"r"[..], &b"/d".repeat(33_000)].concat());
    let map: PathMap<Meta> = [(deep, file(7))].into_iter().collect();
    assert_eq!(tree::sums(&map, &key(b"r/")).len(), 33_000);
    tree::write(&mut last, &args, &map, 0).unwrap();
    assert_eq!((last.0, &last.1[..]), (33_001, &b"\n"[..]));
}

#[test]
fn tasks_are_all_done_whichever_thread_takes_them() {
    for threads in [1, 2, 7] {
        let queue = Arc::new(queue::Queue::new(threads));
        queue.push(0, [12_u32].into_iter());
        let run = |thread| {
            let queue = Arc::clone(&queue);
            std::thread::spawn(move || {
                let mut done = 0;
                while let Some(task) = queue.next(thread, || false) {
                    queue.push(thread, vec![task.saturating_sub(1); 2 * usize::from(task > 0)].into_iter());
                    queue.done();
                    done += 1;
                }
                done
            })
        };
        let workers: Vec<_> = (0..threads).map(run).collect();
        let done: u32 = workers.into_iter().map(|worker| worker.join().unwrap()).sum();
        assert_eq!((done, queue.is_pending()), ((1 << 13) - 1, false));
    }
}
