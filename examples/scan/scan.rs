//! The scan: a walk by several threads, each of which fills a map of its own, and the join of the maps.
//!
//! The walk is that of the crate `ignore`. It hands each entry to the thread that reached it; a thread goes down into
//! what it found itself, and takes a part of what another has found when it has nothing left to do. So a thread's map
//! holds whole directories for the most part, and the join takes these over as they are: a node that only one map has is
//! not copied but counted once more. What is worked on is the directories that two threads had a part in, and those
//! above them.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bytetrie::PathMap;
use bytetrie::zipper::*;
use ignore::overrides::OverrideBuilder;
use ignore::{DirEntry, Error, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};

use crate::args::Args;
use crate::meta::{Meta, add_key, bytes_of};
use crate::print;
use crate::stream::{CHUNK, Stream};
use crate::trouble::{Kind, Trouble};

/// Lines wait no longer than this for others to be written with.
const TICK: Duration = Duration::from_millis(100);

/// A thread sorts so many entries before it puts them into its map. What comes in order takes half the time, as a node
/// then grows at its end; a directory is read in no order.
const BATCH: usize = 1024;

/// What is to be scanned, and how.
pub(crate) struct Plan<'a> {
    args: &'a Args,
    roots: Vec<Root>,
}

/// A directory to be scanned, or a file.
struct Root {
    walker: WalkBuilder,
    /// The walker's paths begin with so many bytes that were not given.
    prefix: usize,
}

impl<'a> Plan<'a> {
    /// Looks at what is to be scanned; says which argument is wrong, if one is.
    pub(crate) fn new(args: &'a Args) -> Result<Self, String> {
        let roots = args.roots.iter().map(|root| Root::new(args, root)).collect::<Result<_, _>>()?;
        Ok(Self { args, roots })
    }

    /// The walkers, one for each root.
    #[allow(dead_code, reason = "the benchmark walks without a scan")]
    pub(crate) fn walkers(&self) -> impl Iterator<Item = &WalkBuilder> {
        self.roots.iter().map(|root| &root.walker)
    }

    /// Scans. Entries are printed into `stream` as they are found, if their format lets that be; `progress` is told how
    /// many they are now and then.
    pub(crate) fn scan(&self, stream: &Stream<'_>, progress: impl FnMut(u64) + Send) -> Found {
        let start = Instant::now();
        let scan = Scan {
            args: self.args,
            stream,
            lanes: (0..=self.args.threads()).map(|_| Lane::default()).collect(),
            stop: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
        };
        let deadline = self.args.deadline.and_then(|time| start.checked_add(time));
        scan.check(deadline);
        std::thread::scope(|scope| {
            // Dropped when the walk is over, also by a panic. This ends the other thread.
            let (_running, over) = mpsc::channel();
            let scan = &scan;
            scope.spawn(move || scan.watch(deadline, over, progress));
            for root in &self.roots {
                let builder = &mut Visitors { scan, root, next: AtomicUsize::new(0) };
                root.walker.build_parallel().visit(builder);
            }
        });
        scan.finish(start)
    }
}

impl Root {
    fn new(args: &Args, path: &Path) -> Result<Self, String> {
        fs::metadata(path).map_err(|error| format!("cannot read {path:?}: {error}"))?;
        // To the walker this would be standard input.
        let (path, prefix) = match path.to_str() {
            Some("-") => (PathBuf::from("./-"), 2),
            _ => (path.to_path_buf(), 0),
        };
        let mut walker = WalkBuilder::new(&path);
        walker
            .standard_filters(args.gitignore)
            .require_git(false)
            .hidden(!args.hidden)
            .follow_links(args.follow)
            .same_file_system(args.one_file_system)
            .max_depth(args.max_depth)
            .threads(args.threads());
        let mut globs = OverrideBuilder::new(&path);
        // A wrong glob is quoted, whatever is in it.
        let refused = |error: Error| error.to_string().replace(char::is_control, "\u{FFFD}");
        for glob in &args.globs {
            globs.add(glob).map_err(refused)?;
        }
        walker.overrides(globs.build().map_err(refused)?);
        Ok(Self { walker, prefix })
    }
}

/// True if an entry of this kind is to be listed.
pub(crate) fn is_listed(args: &Args, entry: &DirEntry) -> bool {
    args.dirs || entry.file_type().is_some_and(|file_type| file_type.is_file())
}

/// Reads what is known of an entry besides its name: the one question to the system that a listed entry costs.
pub(crate) fn metadata(entry: &DirEntry) -> Result<fs::Metadata, Error> {
    if entry.depth() > 0 {
        return entry.metadata();
    }
    // What is named on the command line is entered even if it is a link, and so is told of as what it leads to.
    fs::metadata(entry.path())
        .map_err(|error| Error::WithPath { path: entry.path().to_path_buf(), err: Box::new(error.into()) })
}

/// What a scan has found.
pub(crate) struct Found {
    pub(crate) map: PathMap<Meta>,
    /// How many entries were found.
    pub(crate) entries: u64,
    /// Their sizes added up, without those of directories.
    pub(crate) bytes: u64,
    /// What went wrong, in the order of the paths.
    pub(crate) troubles: Vec<Trouble>,
    /// True if the scan was stopped before its end.
    pub(crate) stopped: bool,
    /// How long the scan took, with the join.
    pub(crate) time: Duration,
    /// How long the join took.
    pub(crate) joining: Duration,
    /// How many maps were joined.
    pub(crate) maps: usize,
}

impl Found {
    /// How many entries could not be read.
    pub(crate) fn unreadable(&self) -> usize {
        self.troubles.iter().filter(|trouble| trouble.kind == Kind::Unreadable).count()
    }
}

/// A scan under way.
struct Scan<'s, 'w> {
    args: &'s Args,
    stream: &'s Stream<'w>,
    lanes: Vec<Lane>,
    /// Says that the threads are to stop.
    stop: AtomicBool,
    /// Says that one had to.
    stopped: AtomicBool,
}

/// What one thread has found. It is locked by its own thread for each entry, and now and then by the one that watches.
/// Apart in memory, so that no thread waits for the writes of another.
#[derive(Default)]
#[repr(align(128))]
struct Lane(Mutex<Catch>);

#[derive(Default)]
struct Catch {
    writer: WriteZipperOwned<Meta>,
    /// Entries that are not yet in the map, and where their keys lie in `keys`.
    batch: Vec<(Range<usize>, Meta)>,
    keys: Vec<u8>,
    /// Lines that are not yet written.
    lines: Vec<u8>,
    entries: u64,
    bytes: u64,
    troubles: Vec<Trouble>,
}

impl Catch {
    fn add(&mut self, path: &[u8], meta: Meta) {
        self.entries += 1;
        self.bytes += meta.counted();
        let start = self.keys.len();
        add_key(path, &mut self.keys);
        self.batch.push((start..self.keys.len(), meta));
        if self.batch.len() == BATCH {
            self.settle();
        }
    }

    /// Puts the batch into the map.
    fn settle(&mut self) {
        let keys = &self.keys;
        self.batch.sort_unstable_by(|(a, _), (b, _)| keys[a.clone()].cmp(&keys[b.clone()]));
        for (key, meta) in self.batch.drain(..) {
            self.writer.descend_to(&keys[key]);
            self.writer.set_val(meta);
            // The writer remembers the way that it came, as far as the next key goes it too.
            self.writer.reset();
        }
        self.keys.clear();
    }
}

impl Lane {
    fn lock(&self) -> MutexGuard<'_, Catch> {
        self.0.lock().expect("a panic ends the scan")
    }
}

impl Scan<'_, '_> {
    /// Stops the threads if it is time, or if nobody reads what they print.
    fn check(&self, deadline: Option<Instant>) {
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) || self.stream.failed() {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    /// Looks after the threads until they are done.
    fn watch(&self, deadline: Option<Instant>, over: Receiver<()>, mut progress: impl FnMut(u64)) {
        let mut before = false;
        loop {
            let now = Instant::now();
            let wait = match deadline {
                Some(deadline) if !before => deadline.saturating_duration_since(now).min(TICK),
                _ => TICK,
            };
            if over.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            self.check(deadline);
            before = self.stop.load(Ordering::Relaxed);
            let mut entries = 0;
            for lane in &self.lanes {
                let mut catch = lane.lock();
                self.stream.write(&mut catch.lines);
                entries += catch.entries;
            }
            progress(entries);
        }
    }

    /// Puts together what the threads have found.
    fn finish(self, start: Instant) -> Found {
        let mut found = Found {
            map: PathMap::new(),
            entries: 0,
            bytes: 0,
            troubles: Vec::new(),
            stopped: self.stopped.into_inner(),
            time: Duration::ZERO,
            joining: Duration::ZERO,
            maps: 0,
        };
        let mut maps = Vec::with_capacity(self.lanes.len());
        for lane in self.lanes {
            let mut catch = lane.0.into_inner().expect("a panic ends the scan");
            self.stream.write(&mut catch.lines);
            found.entries += catch.entries;
            found.bytes += catch.bytes;
            found.troubles.append(&mut catch.troubles);
            catch.settle();
            let map = catch.writer.into_map();
            if !map.is_empty() {
                maps.push(map);
            }
        }
        found.troubles.sort_unstable();
        found.maps = maps.len();
        let joining = Instant::now();
        found.map = PathMap::join_all(&maps);
        drop(maps);
        found.joining = joining.elapsed();
        found.time = start.elapsed();
        found
    }
}

/// Makes a visitor for each thread of the walk of one root.
struct Visitors<'s, 'w> {
    scan: &'s Scan<'s, 'w>,
    root: &'s Root,
    next: AtomicUsize,
}

impl<'s> ParallelVisitorBuilder<'s> for Visitors<'s, '_> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        // The walker makes one more than there are threads, but drops that one before it makes the others.
        let lane = self.next.fetch_add(1, Ordering::Relaxed) % self.scan.lanes.len();
        Box::new(Visitor { scan: self.scan, root: self.root, lane: &self.scan.lanes[lane] })
    }
}

struct Visitor<'s, 'w> {
    scan: &'s Scan<'s, 'w>,
    root: &'s Root,
    lane: &'s Lane,
}

impl ParallelVisitor for Visitor<'_, '_> {
    fn visit(&mut self, entry: Result<DirEntry, Error>) -> WalkState {
        if self.scan.stop.load(Ordering::Relaxed) {
            self.scan.stopped.store(true, Ordering::Relaxed);
            return WalkState::Quit;
        }
        let trouble = match &entry {
            Ok(entry) => self.found(entry),
            Err(error) => Err(Trouble::all(error, false)),
        };
        if let Err(mut troubles) = trouble {
            for trouble in &mut troubles {
                trouble.path.drain(..self.root.prefix.min(trouble.path.len()));
            }
            self.lane.lock().troubles.append(&mut troubles);
        }
        WalkState::Continue
    }
}

impl Visitor<'_, '_> {
    fn found(&self, entry: &DirEntry) -> Result<(), Vec<Trouble>> {
        let args = self.scan.args;
        if is_listed(args, entry) {
            let meta = metadata(entry).map_err(|error| Trouble::all(&error, false))?;
            let meta = Meta::of(&meta);
            let path = &bytes_of(entry.path())[self.root.prefix..];
            let mut catch = self.lane.lock();
            let catch = &mut *catch;
            catch.add(path, meta);
            if let Some(format) = args.streamed() {
                print::entry(format, path, &meta, &mut catch.lines);
                if catch.lines.len() >= CHUNK {
                    self.scan.stream.write(&mut catch.lines);
                    self.scan.check(None);
                }
            }
        }
        entry.error().map_or(Ok(()), |error| Err(Trouble::all(error, true)))
    }
}
