//! The scan: a walk by several threads, each of which fills its own map, and the join of the maps.
//!
//! A thread enters the directories that it has found, and steals directories from another thread
//! only when it has none left (see `queue.rs` and `walk.rs`). So the map of a thread consists
//! mostly of whole directories. The join shares the nodes that only one map has, instead of
//! copying them. Its work is limited to the directories in which two threads found entries, and
//! the directories above them.
//!
//! Unneeded work is skipped: if only names are printed, no map is built, and the system is not
//! asked for sizes.
//!
//! # The deadline
//! A system call may never return, for example if a file system is gone. So the scan does not wait
//! for its threads past the deadline. Each thread stores its results in its [`Lane`], which is
//! never locked during a system call or while printing. After the deadline, the results are taken
//! from the lanes, and threads that are still blocked are abandoned.

use std::fs;
use std::ops::Range;
use std::panic;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use bytetrie::PathMap;
use bytetrie::zipper::*;

use crate::args::{Args, Format, Needs};
use crate::globs::Globs;
use crate::meta::{Id, Kind as Entry, Known, Meta, SEPARATOR, add_key, bytes_of, path_of};
use crate::print;
use crate::queue::Queue;
use crate::stream::Stream;
use crate::system;
use crate::trouble::{Kind, Trouble};
use crate::walk::{Task, Worker};

/// The time after which lines are written, even if they are few.
const TICK: Duration = Duration::from_millis(100);

/// The time after the deadline in which threads may end by themselves.
const GRACE: Duration = Duration::from_millis(100);

/// The number of entries that a thread sorts before it inserts them into its map. Insertion in
/// order takes half the time, because nodes then grow at their end. A directory is not read in
/// order.
const BATCH: usize = 1024;

/// The arguments of a scan, checked and compiled.
pub struct Plan {
    args: Arc<Args>,
    globs: Arc<Globs>,
}

/// A directory or file to be scanned.
#[derive(Clone)]
pub struct Root {
    /// The path as it was given.
    pub path: Vec<u8>,
    /// The canonical path. `None` if rules are disabled, or if the path is too long.
    pub full: Option<Vec<u8>>,
    pub known: Known,
}

/// A root, or the reason why it cannot be read.
type Looked = Result<Root, Trouble>;

impl Plan {
    /// Checks the arguments, without system calls. Returns an error if one is wrong.
    pub fn new(args: &Args) -> Result<Self, String> {
        Ok(Self { args: Arc::new(args.clone()), globs: Arc::new(Globs::new(&args.globs)?) })
    }

    /// Scans. Entries are written to `stream` as they are found, if the format allows it.
    /// `progress` is called from time to time with the number of entries. A root that cannot be
    /// read is an error only if `strict`.
    pub fn scan(
        &self,
        stream: &Arc<Stream>,
        strict: bool,
        mut progress: impl FnMut(u64),
    ) -> Result<Found, String> {
        let start = Instant::now();
        let deadline = self.args.deadline.and_then(|time| start.checked_add(time));
        let mut found = Found::default();
        let Some(roots) = self.look(deadline, &mut found) else {
            found.time = start.elapsed();
            return Ok(found);
        };
        for trouble in roots.iter().filter_map(|root| root.as_ref().err()) {
            if strict {
                return Err(format!("cannot read {:?}: {}", path_of(&trouble.path), trouble.reason));
            }
            found.troubles.push(trouble.clone());
        }
        let scan = self.start(stream, roots);
        let (running, over) = mpsc::channel();
        let workers = (0..self.args.threads()).map(|thread| {
            let (worker, running) = (Worker::new(Arc::clone(&scan), thread), running.clone());
            thread::spawn(move || {
                // Dropped when the thread ends, even if it panics.
                let _running = running;
                worker.run();
            })
        });
        let workers: Vec<_> = workers.collect();
        drop(running);
        if scan.watch(deadline, &over, &mut progress) {
            for worker in workers {
                worker.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked));
            }
        }
        Ok(scan.finish(start, found))
    }

    /// Reads the metadata of the roots. Returns `None` if the deadline passes.
    fn look(&self, deadline: Option<Instant>, found: &mut Found) -> Option<Vec<Looked>> {
        let (told, looked) = mpsc::channel();
        let args = Arc::clone(&self.args);
        let looking = thread::spawn(move || {
            for root in &args.roots {
                let path = bytes_of(root);
                let root = system::look_at(path).map(|known| Root {
                    path: path.to_vec(),
                    // Canonicalized in this thread, because the call may block like any other.
                    full: args
                        .gitignore
                        .then(|| fs::canonicalize(root).ok())
                        .flatten()
                        .map(|full| bytes_of(&full).to_vec()),
                    known,
                });
                if told.send(root.map_err(|error| Trouble::unreadable(path, &error))).is_err() {
                    return;
                }
            }
        });
        let mut roots = Vec::with_capacity(self.args.roots.len());
        while roots.len() < self.args.roots.len() {
            let next = match deadline {
                Some(deadline) => looked.recv_timeout(deadline.saturating_duration_since(Instant::now())),
                None => looked.recv().map_err(RecvTimeoutError::from),
            };
            match next {
                Ok(root) => roots.push(root),
                Err(RecvTimeoutError::Timeout) => {
                    found.troubles.push(Trouble::silent(bytes_of(&self.args.roots[roots.len()])));
                    found.stopped = true;
                    return None;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        looking.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked));
        Some(roots)
    }

    /// Prepares a scan: lists the roots, and queues the directories among them.
    fn start(&self, stream: &Arc<Stream>, roots: Vec<Looked>) -> Arc<Scan> {
        let threads = self.args.threads();
        let mut known = Vec::with_capacity(roots.len());
        let mut tasks = Vec::new();
        let lanes: Vec<_> = (0..threads).map(|_| Lane::default()).collect();
        for (number, root) in roots.into_iter().enumerate() {
            // An unreadable root keeps its number, which is a part of keys.
            let root = root.unwrap_or_else(|trouble| Root::missing(trouble.path));
            if root.known.names > 0
                && root.known.meta.kind == Entry::Directory
                && self.args.max_depth != Some(0)
            {
                tasks.push(Task::root(number, &root.path));
            }
            known.push(root);
        }
        let scan = Scan {
            args: Arc::clone(&self.args),
            needs: self.args.needs(),
            globs: Arc::clone(&self.globs),
            roots: known,
            stream: Arc::clone(stream),
            lanes,
            queue: Queue::new(threads),
            open: Arc::default(),
            most_open: system::most_open(),
            stop: AtomicBool::new(false),
        };
        for (number, root) in scan.roots.iter().enumerate() {
            // A root that is a link is listed as its target, because it is entered.
            if root.known.names > 0 && self.args.keeps(root.known.meta.kind) {
                let Root { path, known, .. } = root;
                let mut catch = scan.lanes[0].lock();
                let kind = known.meta.kind;
                // A root that is a file is always listed, regardless of the types to be listed.
                let listed = self.args.lists(kind) || kind != Entry::Directory;
                catch.add(
                    &scan,
                    number,
                    path,
                    if listed { None } else { Some(path.len()) },
                    known.meta,
                    Some(known),
                );
            }
        }
        // The queue takes the last task first.
        tasks.reverse();
        scan.queue.push(0, tasks.into_iter());
        Arc::new(scan)
    }
}

impl Root {
    /// Returns a placeholder for a root that cannot be read.
    fn missing(path: Vec<u8>) -> Self {
        let known = Known { meta: Meta::unknown(Entry::Other), id: Id { device: 0, inode: 0 }, names: 0 };
        Self { path, full: None, known }
    }
}

/// The result of a scan.
#[derive(Default)]
pub struct Found {
    /// The entries, if the format needs a map of them.
    pub map: PathMap<Meta>,
    /// The number of entries found.
    pub entries: u64,
    /// The total size of the entries except directories, if sizes were needed. A file with several
    /// names below one root is counted once.
    pub bytes: Option<u64>,
    /// The troubles, in the order of their paths.
    pub troubles: Vec<Trouble>,
    /// True if the scan was stopped before its end.
    pub stopped: bool,
    /// The time of the scan, including the join.
    pub time: Duration,
    /// The time of the join.
    pub joining: Duration,
    /// The number of maps joined.
    pub maps: usize,
}

impl Found {
    /// Returns the number of entries that could not be read.
    pub fn unreadable(&self) -> usize {
        self.troubles.iter().filter(|trouble| trouble.kind == Kind::Unreadable).count()
    }
}

/// A running scan.
pub struct Scan {
    pub args: Arc<Args>,
    pub needs: Needs,
    pub globs: Arc<Globs>,
    pub roots: Vec<Root>,
    stream: Arc<Stream>,
    pub lanes: Vec<Lane>,
    pub queue: Queue<Task>,
    /// The number of directories that are kept open.
    pub open: Arc<AtomicUsize>,
    pub most_open: usize,
    /// True if the threads must stop.
    stop: AtomicBool,
}

/// The results of one thread. Locked briefly by that thread and by the thread that watches.
/// Aligned so that two lanes never share a cache line.
#[derive(Default)]
#[repr(align(128))]
pub struct Lane(Mutex<Catch>);

#[derive(Default)]
pub struct Catch {
    writer: WriteZipperOwned<Meta>,
    /// Entries that are not yet in the map, with the ranges of their keys in `keys`.
    batch: Vec<(Range<usize>, Meta)>,
    keys: Vec<u8>,
    /// Names of files that have several names.
    links: Vec<Link>,
    /// The sizes of unlisted entries, by the keys of their directories, each with a separator at
    /// its end.
    unlisted: Vec<(Vec<u8>, u64)>,
    /// Lines that are not written yet.
    pub lines: Vec<u8>,
    entries: u64,
    bytes: u64,
    pub troubles: Vec<Trouble>,
    /// The directory that the thread is reading. Empty between two directories.
    pub at: Vec<u8>,
}

/// A name of a file that has several names. After sorting, the names of one file below one root
/// are adjacent.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    root: usize,
    id: Id,
    /// The key of the entry if it is listed. Otherwise the key of its directory, with a separator
    /// at its end.
    key: Vec<u8>,
    size: u64,
    listed: bool,
}

impl Catch {
    /// Adds an entry at a path below a root. If `counted_in` is the length of its directory's
    /// path, the entry is not listed, but counted in the directory. Returns the size to be added
    /// to that directory.
    pub fn add(
        &mut self,
        scan: &Scan,
        root: usize,
        path: &[u8],
        counted_in: Option<usize>,
        mut meta: Meta,
        known: Option<&Known>,
    ) -> u64 {
        let listed = counted_in.is_none();
        self.entries += u64::from(listed);
        if meta.kind == Entry::Directory && !scan.needs.directories {
            meta = Meta::unknown(meta.kind);
        }
        let mut size = meta.counted();
        if let Some(known) = known.filter(|known| scan.needs.sizes && known.names > 1)
            && meta.kind != Entry::Directory
        {
            let mut key = Vec::new();
            add_key(root, &path[..counted_in.unwrap_or(path.len())], &mut key);
            self.links.push(Link { root, id: known.id, key, size: meta.size, listed });
            size = 0;
        } else if meta.kind != Entry::Directory {
            self.bytes += size;
        }
        if scan.needs.map && listed {
            let start = self.keys.len();
            add_key(root, path, &mut self.keys);
            self.batch.push((start..self.keys.len(), meta));
            if self.batch.len() == BATCH {
                self.settle();
            }
        }
        if scan.needs.lines && listed {
            print::entry(scan.args.style(), path, &meta, &mut self.lines);
        }
        if listed { 0 } else { size }
    }

    /// Adds to the size of the unlisted entries in a directory. They are counted in an entry with
    /// an empty name, whose key ends with a separator.
    pub fn count(&mut self, root: usize, path: &[u8], size: u64) {
        let mut key = Vec::new();
        add_key(root, path, &mut key);
        if key.last() != Some(&SEPARATOR) {
            key.push(SEPARATOR);
        }
        self.unlisted.push((key, size));
    }

    /// Inserts the batch into the map.
    fn settle(&mut self) {
        let keys = &self.keys;
        self.batch.sort_unstable_by(|(a, _), (b, _)| keys[a.clone()].cmp(&keys[b.clone()]));
        for (key, meta) in self.batch.drain(..) {
            self.writer.descend_to(&keys[key]);
            self.writer.set_val(meta);
            // The writer keeps the part of its path that the next key shares.
            self.writer.reset();
        }
        self.keys.clear();
    }
}

impl Lane {
    pub fn lock(&self) -> MutexGuard<'_, Catch> {
        self.0.lock().expect("a panic ends the scan")
    }
}

impl Scan {
    /// Returns true if the threads must stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.queue.wake();
    }

    /// Writes lines, and stops the scan if they cannot be written.
    pub fn write(&self, lines: &mut Vec<u8>) {
        self.stream.write(lines);
        if self.stream.failed() {
            self.stop();
        }
    }

    /// Watches the threads. Returns true when all have ended, and false if one is still blocked
    /// some time after the deadline.
    fn watch(&self, deadline: Option<Instant>, over: &Receiver<()>, progress: &mut impl FnMut(u64)) -> bool {
        let mut until = deadline;
        loop {
            let now = Instant::now();
            if until.is_some_and(|until| now >= until) {
                if self.is_stopped() && until != deadline {
                    return false;
                }
                self.stop();
                until = Some(now + GRACE);
            }
            let wait = until.map_or(TICK, |until| until.saturating_duration_since(now).min(TICK));
            match over.recv_timeout(wait) {
                Err(RecvTimeoutError::Disconnected) => return true,
                _ if self.is_stopped() => {}
                _ => progress(self.flush()),
            }
        }
    }

    /// Writes the lines of all threads, and returns the number of entries.
    fn flush(&self) -> u64 {
        let mut entries = 0;
        for lane in &self.lanes {
            let mut catch = lane.lock();
            entries += catch.entries;
            let mut lines = std::mem::take(&mut catch.lines);
            drop(catch);
            self.write(&mut lines);
        }
        entries
    }

    /// Combines the results of the threads.
    fn finish(&self, start: Instant, mut found: Found) -> Found {
        found.stopped = self.queue.is_pending();
        let mut bytes = 0;
        let (mut links, mut unlisted) = (Vec::new(), Vec::new());
        let mut maps = Vec::with_capacity(self.lanes.len());
        for lane in &self.lanes {
            // An abandoned thread may still add results, which are ignored.
            let mut catch = std::mem::take(&mut *lane.lock());
            self.stream.write(&mut catch.lines);
            found.entries += catch.entries;
            bytes += catch.bytes;
            links.append(&mut catch.links);
            unlisted.append(&mut catch.unlisted);
            found.troubles.append(&mut catch.troubles);
            if !catch.at.is_empty() && !self.stream.failed() {
                found.troubles.push(Trouble::silent(&catch.at));
            }
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
        links.sort_unstable();
        for names in links.chunk_by(|a, b| (a.root, a.id) == (b.root, b.id)) {
            bytes += names[0].size;
            if self.args.format != Format::Tree {
                continue;
            }
            if names[0].listed {
                for name in &names[1..] {
                    found.map.get_mut(&name.key).expect("it was found").again = true;
                }
            } else {
                unlisted.push((names[0].key.clone(), names[0].size));
            }
        }
        for (key, size) in unlisted {
            found.map.entry(&key).or_insert(Meta::unknown(Entry::Directory)).size += size;
        }
        found.bytes = self.needs.sizes.then_some(bytes);
        found.time = start.elapsed();
        found
    }
}
