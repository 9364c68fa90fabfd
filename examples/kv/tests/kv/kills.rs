//! The program is killed at random moments, by a signal that it cannot catch. Everything that it
//! acknowledged must be in the file then, and nothing that is half done.
//!
//! `BYTETRIE_KILLS=500 cargo test --profile checked -p bytetrie-kv -- kills::` kills it 500 times.
//!
//! A kill loses nothing that the operating system has taken. What a power cut may lose is tested by
//! the crash simulator of the store (`src/file/store/tests.rs`).

use std::collections::BTreeMap;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use bytetrie::file::{FileError, NewCommit, Store, StoreReader};
use bytetrie_examples::process::Scratch;
use bytetrie_kv::versions::{Map, Value};

use crate::{KV, prints};

/// The number of kills of one file.
const KILLS_OF_A_FILE: u64 = 6;

/// The number of versions of a file that are checked after a kill, from the newest on.
const CHECKED: usize = 10;

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// What the program is doing while it is killed.
#[derive(Clone, Copy, Debug)]
struct Scene {
    batch: u64,
    /// The number of keys that are changed.
    keys: u64,
    /// The number of bytes of a value after its number.
    len: usize,
    /// The number of changes between two compactions.
    compact_every: Option<u64>,
    /// The number of other keys that are in the file.
    fill: u64,
}

const SCENES: [Scene; 4] = [
    // Small commits.
    Scene { batch: 1, keys: 50, len: 10, compact_every: Some(30), fill: 0 },
    // Commits of several megabytes, since batches change keys that are far from each other.
    Scene { batch: 64, keys: 2003, len: 900, compact_every: Some(500), fill: 2000 },
    // Compactions that take long.
    Scene { batch: 1, keys: 50, len: 100, compact_every: Some(2), fill: 3000 },
    // Large values.
    Scene { batch: 1, keys: 7, len: 200_000, compact_every: Some(20), fill: 0 },
];

impl Scene {
    /// The line of a change. It sets a key, or deletes the key that was set last.
    fn line(self, change: u64) -> String {
        match self.value(change) {
            None => format!("del {}\n", self.key(change - 1)),
            Some(value) => format!("put {} {value}\n", self.key(change)),
        }
    }

    fn make(self, change: u64, model: &mut Model) {
        match self.value(change) {
            None => model.remove(self.key(change - 1).as_bytes()),
            Some(value) => model.insert(self.key(change).into(), value.into()),
        };
    }

    fn key(self, change: u64) -> String {
        format!("k{:04}", change * 61 % self.keys)
    }

    fn value(self, change: u64) -> Option<String> {
        (change % 5 != 4).then(|| format!("{change}-{}", "v".repeat(self.len)))
    }

    /// The line of a compaction, if one follows a change.
    fn compaction(self, change: u64) -> Option<&'static str> {
        self.compact_every.is_some_and(|every| change % every == every - 1).then_some("compact --keep 9\n")
    }

    /// Makes a file with the other keys, as version 0.
    fn prepare(self, file: &Path) {
        if self.fill > 0 {
            let mut map = Map::new();
            for i in 0..self.fill {
                map.insert(format!("k{i:04}-other"), vec![b'o'; 200].into());
            }
            // A process that another test starts inherits the lock for a moment, so the lock is
            // that of another file.
            let filled = file.with_extension("filled");
            let mut store: Store<Value> = Store::open(&filled).unwrap();
            store.commit_with(&map, NewCommit::new().label("0 filled")).unwrap();
            fs::rename(filled, file).unwrap();
        }
    }
}

/// Random numbers, by the generator xorshift.
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
}

/// What kills have met.
#[derive(Debug, Default)]
struct Met {
    kills: u64,
    /// Before the file was whole.
    created: u64,
    /// While a commit was written.
    torn: u64,
    /// During a compaction.
    compacting: u64,
    /// Between a commit and its acknowledgement.
    unacknowledged: u64,
}

/// A program on a pipe that makes changes until it is killed.
struct Victim {
    child: Child,
    writer: thread::JoinHandle<u64>,
    reader: thread::JoinHandle<Vec<String>>,
    /// Receives something for each acknowledgement.
    told: mpsc::Receiver<()>,
}

impl Victim {
    /// Starts the program, which continues with a change.
    fn start(file: &Path, scene: Scene, first: u64) -> Self {
        let mut command = Command::new(KV.path());
        command.arg(file).arg(format!("--batch={}", scene.batch)).stderr(Stdio::null());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        // Writes until the program is dead. Returns the first change that it has not received.
        let writer = thread::spawn(move || {
            let mut change = first;
            while input.write_all(scene.line(change).as_bytes()).is_ok() {
                change += 1;
                if scene.compaction(change - 1).is_some_and(|line| input.write_all(line.as_bytes()).is_err())
                {
                    break;
                }
            }
            change
        });
        let (tell, told) = mpsc::channel();
        let reader = thread::spawn(move || {
            let (mut output, mut lines) = (BufReader::new(output), Vec::new());
            let mut line = String::new();
            // An acknowledgement is a whole line.
            while output.read_line(&mut line).unwrap() > 0 && line.ends_with('\n') {
                if line.starts_with("ok ") {
                    let _ = tell.send(());
                }
                lines.push(std::mem::take(&mut line));
            }
            lines
        });
        Self { child, writer, reader, told }
    }

    /// Kills the program at a random moment. Returns the acknowledgements, and the first change
    /// that it has not received.
    fn kill(mut self, file: &Path, is_first: bool, rng: &mut Rng) -> (Vec<String>, u64) {
        if is_first {
            // While it creates the file.
            thread::sleep(Duration::from_micros(rng.below(6_000)));
        } else if rng.below(6) == 0 {
            // While it opens the file, or soon after.
            thread::sleep(Duration::from_micros(rng.below(30_000)));
        } else {
            for _ in 0..=rng.below(40) {
                self.told.recv().expect("it goes on until it is killed");
            }
            if rng.below(2) == 0 {
                thread::sleep(Duration::from_micros(rng.below(10_000)));
            } else {
                // While it writes a commit or a compacted file.
                let written = || {
                    [file, &file.with_file_name(".a.kv.new")]
                        .map(|path| fs::metadata(path).map_or(0, |data| data.len()))
                };
                let before = written();
                while written() == before {
                    thread::yield_now();
                }
                thread::sleep(Duration::from_micros(rng.below(2) * rng.below(1_000)));
            }
        }
        assert!(self.child.try_wait().unwrap().is_none(), "it goes on until it is killed");
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        (self.reader.join().unwrap(), self.writer.join().unwrap())
    }
}

/// A file whose program is killed again and again.
struct Story {
    scene: Scene,
    file: PathBuf,
    /// The number of changes that are in the file.
    changes: u64,
    /// The number of the last version.
    version: u64,
}

impl Story {
    /// Kills the program once, and checks the file.
    fn go_on(&mut self, is_first: bool, rng: &mut Rng, met: &mut Met) {
        let scene = self.scene;
        let (answers, end) = Victim::start(&self.file, scene, self.changes).kill(&self.file, is_first, rng);
        let mut acknowledged = self.changes;
        let mut version = self.version;
        for answer in &answers {
            if let Some(number) = answer.strip_prefix("ok ") {
                let number: u64 = number.trim_end().parse().expect("a version");
                assert!(number == version || number == version + 1, "{number} after {version}");
                assert!(scene.batch > 1 || number == version + 1, "each change has a version");
                version = number;
                acknowledged += 1;
            }
        }
        met.kills += 1;
        met.compacting += u64::from(self.file.with_file_name(".a.kv.new").exists());

        let is_whole = fs::metadata(&self.file).is_ok_and(|data| data.len() > 0);
        if !is_whole {
            assert_eq!(acknowledged, 0);
            met.created += 1;
            return;
        }
        let before = fs::read(&self.file).unwrap();
        self.check(acknowledged, version, end);
        assert_eq!(fs::read(&self.file).unwrap(), before, "a reader changes nothing");
        met.unacknowledged += u64::from(self.changes > acknowledged);

        // The next writer finds what readers found.
        let copy = self.file.with_extension(format!("copy-{}", met.kills));
        fs::copy(&self.file, &copy).unwrap();
        let mut store: Store<Value> = Store::open(&copy).unwrap();
        met.torn += u64::from(store.recovery().bytes_cut > 0);
        self.check_content(&store.load().unwrap(), &self.model(self.changes));
    }

    fn model(&self, changes: u64) -> Model {
        let mut model = Model::new();
        (0..changes).for_each(|change| self.scene.make(change, &mut model));
        model
    }

    /// Checks the versions, and finds the number of changes that are in the file.
    fn check(&mut self, acknowledged: u64, version: u64, end: u64) {
        let reader: StoreReader<Value> = StoreReader::open(&self.file).unwrap();
        let commits: Vec<_> = reader.commits().map(Result::unwrap).collect();
        // They have the content after some of the changes, in order.
        let mut model = Model::new();
        let mut changes = 0;
        let mut last = None;
        for commit in commits.iter().take(CHECKED).rev() {
            let number: u64 = commit.label().split(' ').next().unwrap().parse().unwrap();
            assert!(last.is_none_or(|last| number == last + 1), "{number} after {last:?}");
            last = Some(number);
            let map = reader.at(commit.id()).unwrap();
            map.check().unwrap();
            assert_eq!(map.len() as u64, commit.len());
            let content = self.content(&map);
            while content != model || self.scene.batch == 1 && changes < number {
                assert!(changes < end, "version {number} is none of the states");
                self.scene.make(changes, &mut model);
                changes += 1;
            }
        }
        // More changes can lead to the same content.
        let newest = model.clone();
        let mut more = changes;
        while self.scene.batch > 1 && more < acknowledged {
            self.scene.make(more, &mut model);
            more += 1;
        }
        assert!(
            changes >= acknowledged || model == newest,
            "{acknowledged} were acknowledged, {changes} are there"
        );
        let last = last.unwrap_or(0);
        assert!(
            last == version || last == version + 1,
            "version {version} was acknowledged, {last} is the last"
        );
        (self.changes, self.version) = (changes.max(more), last);
    }

    /// Returns the keys that are changed, and checks that the others are there.
    fn content(&self, map: &Map) -> Model {
        let (others, content): (Model, Model) = map
            .iter()
            .map(|(key, value)| (key, value.to_vec()))
            .partition(|(key, _)| key.ends_with(b"-other"));
        assert_eq!(others.len() as u64, if map.is_empty() { 0 } else { self.scene.fill });
        content
    }

    fn check_content(&self, map: &Map, model: &Model) {
        assert!(self.content(map) == *model, "what a reader found is what the next writer finds");
    }

    /// Checks what the program itself prints.
    fn end(self) {
        let printed = prints(&self.file, &["scan"]);
        let printed = printed.lines().filter(|line| !line.contains("-other "));
        let expected = self.model(self.changes).into_iter();
        let expected =
            expected.map(|(key, value)| [key, value].map(|word| String::from_utf8(word).unwrap()).join(" "));
        assert!(printed.eq(expected));
    }
}

#[test]
fn a_program_that_is_killed_loses_nothing_that_it_acknowledged() {
    let kills: u64 = std::env::var("BYTETRIE_KILLS").map_or(16, |kills| kills.parse().expect("a number"));
    let mut rng = Rng(RandomState::new().hash_one(0) | 1);
    let mut met = Met::default();
    let of_a_file = kills.div_ceil(SCENES.len() as u64).min(KILLS_OF_A_FILE);
    for scene in SCENES.into_iter().cycle() {
        if met.kills >= kills {
            break;
        }
        let dir = Scratch::new("kv-killed");
        let mut story = Story { scene, file: dir.0.join("a.kv"), changes: 0, version: 0 };
        scene.prepare(&story.file);
        for i in 0..of_a_file {
            story.go_on(i == 0, &mut rng, &mut met);
        }
        if story.version > 0 {
            story.end();
        }
    }
    eprintln!("{met:?}");
    if kills >= 500 {
        // Writes are short, so few kills tear one.
        let all = [met.created, met.compacting, met.unacknowledged];
        assert!(all.iter().all(|&number| number > 0), "some moments were never met: {met:?}");
    }
}

#[test]
fn a_reader_beside_a_killed_writer_sees_whole_versions() {
    let mut rng = Rng(RandomState::new().hash_one(1) | 1);
    let scene = Scene { compact_every: Some(10), ..SCENES[1] };
    let dir = Scratch::new("kv-beside");
    let file = dir.0.join("a.kv");
    scene.prepare(&file);
    let victim = Victim::start(&file, scene, 0);
    let mut seen = 0;
    for _ in 0..20 {
        match StoreReader::<Value>::open(&file) {
            Ok(reader) => {
                let map = reader.load().unwrap();
                map.check().unwrap();
                let last = reader.last_commit().unwrap();
                assert_eq!(last.len(), map.len() as u64);
                let number: u64 = last.label().split(' ').next().unwrap().parse().unwrap();
                assert!(number >= seen, "{number} after {seen}");
                seen = number;
            }
            Err(FileError::Io(error)) => panic!("{error}"),
            Err(error) => panic!("{error}"),
        }
        thread::sleep(Duration::from_micros(rng.below(3_000)));
    }
    victim.kill(&file, false, &mut rng);
}
