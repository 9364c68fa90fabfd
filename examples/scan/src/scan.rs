//! The scan: a walk by several threads, each of which fills a map of its own, and the join of the
//! maps.
//!
//! A thread goes down into what it found itself, and takes a part of what another has found when
//! it has nothing left to do (see `queue.rs` and `walk.rs`). So a thread's map holds whole
//! directories for the most part, and the join takes these over as they are: a node that only one
//! map has is not copied but counted once more. What is worked on is the directories that two
//! threads had a part in, and those above them.
//!
//! What nobody asked for is not done: names alone are not put into a map, and the system is not
//! asked for sizes.
//!
//! # The deadline
//! The system may never answer: a file system may be gone. So the threads that ask it are not
//! waited for. Each leaves what it has found in its [`Lane`], which it never keeps locked while it
//! asks or prints; when the deadline has passed, what is there is what was found, and a thread
//! that still waits for an answer is left behind.

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

/// Lines wait no longer than this for others to be written with.
const TICK: Duration = Duration::from_millis(100);

/// After the deadline the threads have so long to end by themselves.
const GRACE: Duration = Duration::from_millis(100);

/// A thread sorts so many entries before it puts them into its map. What comes in order takes half
/// the time, as a node then grows at its end; a directory is read in no order.
const BATCH: usize = 1024;

/// What is to be scanned, and how.
pub struct Plan {
    args: Arc<Args>,
    globs: Arc<Globs>,
}

/// A directory to be scanned, or a file.
#[derive(Clone)]
pub struct Root {
    /// Its path as it was given.
    pub path: Vec<u8>,
    /// Its path from the root of the file system, without links. `None` if rules do not matter, or
    /// if it is too long.
    pub full: Option<Vec<u8>>,
    pub known: Known,
}

/// A root, or why it cannot be read.
type Looked = Result<Root, Trouble>;

impl Plan {
    /// Says which argument is wrong, if one is. Asks the system nothing.
    pub fn new(args: &Args) -> Result<Self, String> {
        Ok(Self { args: Arc::new(args.clone()), globs: Arc::new(Globs::new(&args.globs)?) })
    }

    /// Scans. Entries are printed into `stream` as they are found, if their format lets that be;
    /// `progress` is told how many they are now and then. A root that cannot be read is an error
    /// only if `strict` says so.
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
                // Dropped when the thread ends, also by a panic.
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

    /// Looks at the roots; `None` if that lasts past the deadline.
    fn look(&self, deadline: Option<Instant>, found: &mut Found) -> Option<Vec<Looked>> {
        let (told, looked) = mpsc::channel();
        let args = Arc::clone(&self.args);
        let looking = thread::spawn(move || {
            for root in &args.roots {
                let path = bytes_of(root);
                let root = system::look_at(path).map(|known| Root {
                    path: path.to_vec(),
                    // Asked for here, as it may take as long as any other question.
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

    /// Prepares a scan: lists the roots, and leaves it to threads to read them.
    fn start(&self, stream: &Arc<Stream>, roots: Vec<Looked>) -> Arc<Scan> {
        let threads = self.args.threads();
        let mut known = Vec::with_capacity(roots.len());
        let mut tasks = Vec::new();
        let lanes: Vec<_> = (0..threads).map(|_| Lane::default()).collect();
        for (number, root) in roots.into_iter().enumerate() {
            // One that cannot be read keeps its number, which is a part of keys.
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
            // It is told of as what it leads to: it is entered even if it is a link.
            if root.known.names > 0 && self.args.keeps(root.known.meta.kind) {
                let Root { path, known, .. } = root;
                let mut catch = scan.lanes[0].lock();
                let kind = known.meta.kind;
                // A file is shown by itself in an outline, whatever is listed otherwise.
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
        // The last one is taken first.
        tasks.reverse();
        scan.queue.push(0, tasks.into_iter());
        Arc::new(scan)
    }
}

impl Root {
    /// A root that has gone since an earlier scan.
    fn missing(path: Vec<u8>) -> Self {
        let known = Known { meta: Meta::unknown(Entry::Other), id: Id { device: 0, inode: 0 }, names: 0 };
        Self { path, full: None, known }
    }
}

/// What a scan has found.
#[derive(Default)]
pub struct Found {
    /// The entries, if the format needs a map of them.
    pub map: PathMap<Meta>,
    /// How many entries were found.
    pub entries: u64,
    /// Their sizes added up, without those of directories, if sizes were asked for. A file with
    /// several names below a root counts once.
    pub bytes: Option<u64>,
    /// What went wrong, in the order of the paths.
    pub troubles: Vec<Trouble>,
    /// True if the scan was stopped before its end.
    pub stopped: bool,
    /// How long the scan took, with the join.
    pub time: Duration,
    /// How long the join took.
    pub joining: Duration,
    /// How many maps were joined.
    pub maps: usize,
}

impl Found {
    /// How many entries could not be read.
    pub fn unreadable(&self) -> usize {
        self.troubles.iter().filter(|trouble| trouble.kind == Kind::Unreadable).count()
    }
}

/// A scan under way.
pub struct Scan {
    pub args: Arc<Args>,
    pub needs: Needs,
    pub globs: Arc<Globs>,
    pub roots: Vec<Root>,
    stream: Arc<Stream>,
    pub lanes: Vec<Lane>,
    pub queue: Queue<Task>,
    /// How many directories are kept open, and may be.
    pub open: Arc<AtomicUsize>,
    pub most_open: usize,
    /// Says that the threads are to stop.
    stop: AtomicBool,
}

/// What one thread has found. It is locked by its own thread for a moment, now and then, and by
/// the one that watches. Apart in memory, so that no thread waits for the writes of another.
#[derive(Default)]
#[repr(align(128))]
pub struct Lane(Mutex<Catch>);

#[derive(Default)]
pub struct Catch {
    writer: WriteZipperOwned<Meta>,
    /// Entries that are not yet in the map, and where their keys lie in `keys`.
    batch: Vec<(Range<usize>, Meta)>,
    keys: Vec<u8>,
    /// Files that have several names.
    links: Vec<Link>,
    /// The sizes of what is in directories and is not listed, by the keys of these with a
    /// separator.
    unlisted: Vec<(Vec<u8>, u64)>,
    /// Lines that are not yet written.
    pub lines: Vec<u8>,
    entries: u64,
    bytes: u64,
    pub troubles: Vec<Trouble>,
    /// The directory that the thread is in; empty between two of them.
    pub at: Vec<u8>,
}

/// One of the names of a file that has several. In order, those of one file below one root lie
/// side by side.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    root: usize,
    id: Id,
    /// The key of the entry if it is listed, and of its directory otherwise, with a separator.
    key: Vec<u8>,
    size: u64,
    listed: bool,
}

impl Catch {
    /// Takes an entry at a path below a root, which is listed unless it is counted in the
    /// directory whose path is its first bytes. Returns what is to be added to the size of that
    /// directory.
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

    /// Adds to the size of what is in a directory: of an entry without a name, as it were, whose
    /// key ends with a separator.
    pub fn count(&mut self, root: usize, path: &[u8], size: u64) {
        let mut key = Vec::new();
        add_key(root, path, &mut key);
        if key.last() != Some(&SEPARATOR) {
            key.push(SEPARATOR);
        }
        self.unlisted.push((key, size));
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
    pub fn lock(&self) -> MutexGuard<'_, Catch> {
        self.0.lock().expect("a panic ends the scan")
    }
}

impl Scan {
    /// True if the threads are to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.queue.wake();
    }

    /// Prints lines, and stops the scan if nobody reads them.
    pub fn write(&self, lines: &mut Vec<u8>) {
        self.stream.write(lines);
        if self.stream.failed() {
            self.stop();
        }
    }

    /// Looks after the threads until they are done: true if all are, and false if one still waits
    /// for an answer some time after the deadline.
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

    /// Prints the lines that all threads have, and returns how many entries there are.
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

    /// Puts together what the threads have found.
    fn finish(&self, start: Instant, mut found: Found) -> Found {
        found.stopped = self.queue.is_pending();
        let mut bytes = 0;
        let (mut links, mut unlisted) = (Vec::new(), Vec::new());
        let mut maps = Vec::with_capacity(self.lanes.len());
        for lane in &self.lanes {
            // A thread that is left behind may still hear of something, which nobody looks at.
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
