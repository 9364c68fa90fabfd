//! Joins two files into a third without loading any, and tells how much memory that needs.
//!
//! `cargo bench -p bytetrie-benches --features mmap --bench file_join [KEYS]` makes two files of
//! so many random keys (10,000,000 unless given), of which half are in both, joins them by a
//! `JoinZipper` and a `Writer`, once mapped and once read, each in a process of its own. The
//! memory is the most that `/proc/self/status` has shown: anonymous memory is what the process
//! needs, and mapped pages of the files may be dropped at any time. So it runs on Linux only.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use bytetrie::file::{Packed, Writer};
use bytetrie::zipper::JoinZipper;

type Outcome<R = ()> = Result<R, Box<dyn std::error::Error>>;

/// Key `i` of file `file`, in ascending order of `i`. The keys of even `i` are in both files.
fn key(i: u64, file: u64, keys: u64) -> [u8; 8] {
    let gap = u64::MAX / keys;
    let seed = if i.is_multiple_of(2) { 2 } else { file };
    let mixed = (i * 3 + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (i * gap + (mixed ^ mixed >> 29) % gap).to_be_bytes()
}

fn write_file(path: &Path, file: u64, keys: u64) -> Outcome {
    let start = Instant::now();
    let mut writer = Writer::create(path)?;
    for i in 0..keys {
        writer.push(key(i, file, keys), i)?;
    }
    let written = writer.finish()?;
    let seconds = start.elapsed().as_secs_f64();
    println!("{}: {} keys, {} bytes, {seconds:.1} s", path.display(), written.values, written.bytes);
    Ok(())
}

/// KiB of a field of `/proc/self/status`.
fn status(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

fn open(path: &Path, how: &str) -> Outcome<Packed<'static, u64>> {
    #[cfg(feature = "mmap")]
    if how == "mapped" {
        // SAFETY: only this program knows the file, and does not change it while it is mapped.
        return Ok(unsafe { Packed::map(path) }?);
    }
    assert_eq!(how, "read", "the feature `mmap` is needed");
    Ok(Packed::open(path)?)
}

/// Joins the files, and prints the memory and the time.
fn join(dir: &Path, how: &str) -> Outcome {
    let (done, anonymous, pages) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| -> Outcome {
        scope.spawn(|| {
            while !done.load(Relaxed) {
                anonymous.fetch_max(status("RssAnon"), Relaxed);
                pages.fetch_max(status("RssFile"), Relaxed);
                thread::sleep(Duration::from_millis(5));
            }
        });
        let start = Instant::now();
        let result = (|| -> Outcome<_> {
            let (a, b) = (open(&dir.join("a"), how)?, open(&dir.join("b"), how)?);
            let files = a.byte_len() + b.byte_len();
            let mut writer = Writer::create(dir.join("joined"))?;
            writer.push_zipper([], &mut JoinZipper::new(a.read_zipper(), b.read_zipper()))?;
            Ok((writer.finish()?, files))
        })();
        let seconds = start.elapsed().as_secs_f64();
        done.store(true, Relaxed);
        let (joined, files) = result?;
        let mb = |kib: &AtomicU64| kib.load(Relaxed) as f64 * 1024.0 / 1e6;
        println!(
            "{how}: {} keys, {} bytes, {seconds:.1} s, {:.1} MB of anonymous memory, {:.1} MB of mapped pages; the \
             two files have {:.1} MB",
            joined.values,
            joined.bytes,
            mb(&anonymous),
            mb(&pages),
            files as f64 / 1e6
        );
        Ok(())
    })
}

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, mode, how, dir] = &arguments[..]
        && mode == "join"
    {
        return join(&PathBuf::from(dir), how);
    }
    let keys = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(10_000_000);
    let dir = std::env::temp_dir().join(format!("bytetrie-file-join-{}", std::process::id()));
    fs::create_dir_all(&dir)?;
    write_file(&dir.join("a"), 0, keys)?;
    write_file(&dir.join("b"), 1, keys)?;
    for how in if cfg!(feature = "mmap") { &["mapped", "read"][..] } else { &["read"] } {
        let status = Command::new(std::env::current_exe()?).arg("join").arg(how).arg(&dir).status()?;
        assert!(status.success(), "the join failed");
    }
    fs::remove_dir_all(&dir)?;
    Ok(())
}
