//! The walk of one thread, from directory to directory.
//!
//! A directory is opened by its name, relative to its parent. The parent is kept open until all
//! its subdirectories have been opened. If too many directories would be open, a directory is
//! closed, and opened again relative to its nearest ancestor that is still open.

use std::io::{self, ErrorKind};
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, MutexGuard};

use crate::globs::Choice;
use crate::meta::{Id, Kind, Known, Listed, Meta};
use crate::rules::{Level, Present, Reader, join, leave_out};
use crate::scan::{Catch, Scan};
use crate::stream::CHUNK;
use crate::system::{Directory, Room};
use crate::trouble::Trouble;

/// A directory to be read.
pub struct Task {
    root: usize,
    /// The parent directory, unless the directory is a root.
    above: Option<Arc<Place>>,
    /// The path as reported.
    path: Vec<u8>,
    /// The start of the name in the path.
    name: usize,
    /// True if the directory is reached by a link.
    linked: bool,
    /// True if the directory is not listed, and is entered because globs may choose entries below
    /// it.
    left_out: bool,
    depth: usize,
}

impl Task {
    /// Returns the task to read a root.
    pub fn root(root: usize, path: &[u8]) -> Self {
        let (path, name) = (path.to_vec(), 0);
        Self { root, above: None, path, name, linked: true, left_out: false, depth: 0 }
    }
}

/// A directory that has been read, and whose subdirectories are not all read yet.
struct Place {
    above: Option<Arc<Self>>,
    path: Vec<u8>,
    name: usize,
    linked: bool,
    /// The id of the directory, if it is needed to detect loops or file systems.
    id: Option<Id>,
    /// The open directory, unless too many directories are open.
    directory: Option<(Directory, Ticket)>,
    levels: Option<Arc<Level>>,
}

impl Drop for Place {
    /// Frees the places above one by one, because recursion would overflow the stack for thousands
    /// of directories.
    fn drop(&mut self) {
        let mut above = self.above.take();
        while let Some(mut place) = above.and_then(Arc::into_inner) {
            above = place.above.take();
        }
    }
}

impl Place {
    /// Returns this place and those above it.
    fn way_up(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |place| place.above.as_deref())
    }

    /// Opens a directory in this directory.
    fn child(&self, name: &[u8], follow: bool) -> io::Result<Directory> {
        // The names to open on the way down, from an open directory or from the root.
        let mut way = vec![(name, follow)];
        let mut place = self;
        let mut opened = None;
        loop {
            if let Some((directory, _)) = &place.directory {
                let (name, follow) = way.pop().expect("one was pushed");
                opened = Some(directory.child(name, follow)?);
                break;
            }
            let Some(above) = &place.above else { break };
            way.push((&place.path[place.name..], place.linked));
            place = above;
        }
        let mut directory = match opened {
            Some(directory) => directory,
            None => Directory::open(&place.path)?,
        };
        while let Some((name, follow)) = way.pop() {
            directory = directory.child(name, follow)?;
        }
        Ok(directory)
    }
}

/// Counts an open directory until it is dropped.
struct Ticket(Arc<AtomicUsize>);

impl Ticket {
    /// Returns one of `most` tickets, unless all are taken.
    fn of(taken: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        let ticket = Self(Arc::clone(taken));
        (taken.fetch_add(1, Ordering::Relaxed) < most).then_some(ticket)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// An error: the scan was stopped in the middle of a directory.
struct Stopped;

/// A thread of the walk.
pub struct Worker {
    scan: Arc<Scan>,
    thread: usize,
    /// The names that have been read and not settled yet, one after the other.
    names: Vec<u8>,
    entries: Vec<(Range<usize>, Option<Kind>)>,
    /// The path of an entry as reported.
    shown: Vec<u8>,
    /// The path of the entry from the root of the file system, which rules are matched with.
    full: Vec<u8>,
}

/// The directory that a thread is reading.
struct Here<'t> {
    task: &'t Task,
    id: Option<Id>,
    levels: Option<Arc<Level>>,
    /// The lengths of the directory's path, including a slash, in `shown` and in `full`.
    ends: [usize; 2],
    /// The start of the path relative to the root in `shown`.
    relative: usize,
    /// The total size of the unlisted entries in the directory.
    unlisted: u64,
    /// The subdirectories to be read.
    below: Vec<Task>,
}

impl Worker {
    pub fn new(scan: Arc<Scan>, thread: usize) -> Self {
        let (names, entries, shown, full) = Default::default();
        Self { scan, thread, names, entries, shown, full }
    }

    /// Reads directories until all have been read, or the scan is stopped.
    pub fn run(mut self) {
        let scan = Arc::clone(&self.scan);
        let mut room = Room::default();
        while let Some(task) = scan.queue.next(self.thread, || scan.is_stopped()) {
            if scan.is_stopped() || self.enter(&task, &mut room).is_err() {
                // The task remains pending, so the scan is reported as stopped.
                return;
            }
            scan.queue.done();
        }
    }

    fn catch(&self) -> MutexGuard<'_, Catch> {
        self.scan.lanes[self.thread].lock()
    }

    fn enter(&mut self, task: &Task, room: &mut Room) -> Result<(), Stopped> {
        {
            let mut catch = self.catch();
            catch.at.clear();
            catch.at.extend_from_slice(&task.path);
        }
        let read = self.read(task, room);
        let mut catch = self.catch();
        catch.at.clear();
        if let Err(error) = read? {
            catch.troubles.push(Trouble::unreadable(&task.path, &error));
        }
        Ok(())
    }

    /// Reads a directory.
    fn read(&mut self, task: &Task, room: &mut Room) -> Result<io::Result<()>, Stopped> {
        let scan = Arc::clone(&self.scan);
        let root = &scan.roots[task.root];
        let opened = match &task.above {
            Some(above) => above.child(&task.path[task.name..], task.linked),
            None => Directory::open(&task.path),
        };
        let opened = opened.and_then(|directory| {
            let ask = scan.args.follow || scan.args.one_file_system;
            let id = if ask { Some(directory.id()?) } else { None };
            Ok((directory, id))
        });
        let (directory, id) = match opened {
            Ok(opened) => opened,
            Err(error) => return Ok(Err(error)),
        };
        if scan.args.one_file_system && id.is_some_and(|id| id.device != root.known.id.device) {
            return Ok(Ok(()));
        }
        if task.linked
            && let Some(id) = id
            && let Some(above) = &task.above
            && let Some(ancestor) = above.way_up().find(|place| place.id == Some(id))
        {
            // The link led to another directory when its entry was read.
            self.catch().troubles.push(Trouble::looped(&task.path, &ancestor.path));
            return Ok(Ok(()));
        }

        begin(&mut self.shown, &task.path, b"");
        let mut relative = root.path.len() + usize::from(!root.path.ends_with(b"/"));
        relative = relative.min(self.shown.len());
        let mut levels = task.above.as_ref().and_then(|above| above.levels.clone());
        if scan.args.gitignore {
            let full = root.full.as_deref();
            begin(&mut self.full, full.unwrap_or(b"/"), &self.shown[relative..]);
            if task.above.is_none() {
                levels = self.above(full, &task.path);
            }
        }
        let ends = [self.shown.len(), self.full.len()];
        let mut here = Here { task, id, levels, ends, relative, unlisted: 0, below: Vec::new() };
        let result = self.list(&mut here, &directory, room);
        if here.unlisted > 0 {
            self.catch().count(task.root, &task.path, here.unlisted);
        }
        let result = result?;
        self.push(here, directory);
        Ok(result)
    }

    /// Returns the rules above a root.
    fn above(&self, full: Option<&[u8]>, path: &[u8]) -> Option<Arc<Level>> {
        let mut troubles = Vec::new();
        let levels = match full {
            Some(full) => Reader { troubles: &mut troubles }.above(full),
            None => {
                troubles.push(Trouble::no_rules_above(path));
                None
            }
        };
        self.catch().troubles.append(&mut troubles);
        levels
    }

    /// Lists the entries of a directory, and settles each of them.
    fn list(
        &mut self,
        here: &mut Here<'_>,
        directory: &Directory,
        room: &mut Room,
    ) -> Result<io::Result<()>, Stopped> {
        let scan = Arc::clone(&self.scan);
        let rules = scan.args.gitignore;
        let mut present = Present::default();
        let mut stopped = false;
        let listed = directory.list(room, |listed| {
            match listed {
                Listed::Name(name, kind) => {
                    let start = self.names.len();
                    self.names.extend_from_slice(name);
                    self.entries.push((start..self.names.len(), kind));
                    present.note(name);
                }
                // No entry can be settled before all rules of the directory are known.
                Listed::Pause if rules => stopped = scan.is_stopped(),
                Listed::Pause => stopped = self.settle(here, directory).is_err(),
            }
            if stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if !stopped && rules {
            let mut troubles = Vec::new();
            let mut reader = Reader { troubles: &mut troubles };
            let shown = &self.shown[..here.ends[0]];
            here.levels = reader.enter(&here.levels, directory, shown, here.ends[1], present);
            if !troubles.is_empty() {
                self.catch().troubles.append(&mut troubles);
            }
        }
        stopped = stopped || self.settle(here, directory).is_err();
        self.names.clear();
        self.entries.clear();
        if stopped { Err(Stopped) } else { Ok(listed) }
    }

    /// Settles the entries that have been read: lists those that are chosen, and collects the
    /// directories to be entered.
    fn settle(&mut self, here: &mut Here<'_>, directory: &Directory) -> Result<(), Stopped> {
        let scan = Arc::clone(&self.scan);
        let lane = &scan.lanes[self.thread];
        let names = std::mem::take(&mut self.names);
        let mut entries = std::mem::take(&mut self.entries);
        // Never locked during a system call, which may block.
        let mut catch: Option<MutexGuard<'_, Catch>> = None;
        let mut result = Ok(());
        for (name, kind) in entries.drain(..) {
            if scan.is_stopped() {
                result = Err(Stopped);
                break;
            }
            let name = &names[name];
            self.shown.truncate(here.ends[0]);
            self.shown.extend_from_slice(name);
            let mut known = None;
            let mut linked = false;
            let kind = match kind {
                Some(Kind::Link) | None if scan.args.follow || kind.is_none() => {
                    linked = scan.args.follow;
                    catch = None;
                    match ask(directory, name, scan.args.follow) {
                        Ok(found) => known.insert(found).meta.kind,
                        Err(error) => {
                            let trouble = Trouble::unreadable(&self.shown, &error);
                            catch.get_or_insert_with(|| lane.lock()).troubles.push(trouble);
                            continue;
                        }
                    }
                }
                Some(kind) => kind,
                None => unreachable!("an unknown kind is asked for"),
            };
            let (listed, entered) = self.judge(here, name, kind == Kind::Directory);
            if !listed && !entered {
                continue;
            }
            if linked
                && let Some(known) = &known
                && let Some(path) = looped(here, known)
            {
                let trouble = Trouble::looped(&self.shown, path);
                catch.get_or_insert_with(|| lane.lock()).troubles.push(trouble);
                continue;
            }
            if listed && scan.args.keeps(kind) {
                let needed = if kind == Kind::Directory { scan.needs.directories } else { scan.needs.sizes };
                let meta = if needed && known.is_none() {
                    catch = None;
                    match directory.known(name, false) {
                        Ok(found) => known.insert(found).meta,
                        Err(error) => {
                            let trouble = Trouble::unreadable(&self.shown, &error);
                            catch.get_or_insert_with(|| lane.lock()).troubles.push(trouble);
                            continue;
                        }
                    }
                } else {
                    known.map_or(Meta::unknown(kind), |known| known.meta)
                };
                let guard = catch.get_or_insert_with(|| lane.lock());
                let counted_in = (!scan.args.lists(kind)).then_some(here.ends[0]);
                let (root, path) = (here.task.root, &self.shown);
                here.unlisted += guard.add(&scan, root, path, counted_in, meta, known.as_ref());
                if guard.lines.len() >= CHUNK {
                    let mut lines = std::mem::take(&mut guard.lines);
                    catch = None;
                    scan.write(&mut lines);
                }
            }
            if entered {
                here.below.push(Task {
                    root: here.task.root,
                    above: None,
                    path: self.shown.clone(),
                    name: here.ends[0],
                    linked,
                    left_out: !listed,
                    depth: here.task.depth + 1,
                });
            }
        }
        drop(catch);
        entries.clear();
        self.entries = entries;
        self.names = names;
        self.names.clear();
        result
    }

    /// Decides whether the entry at the path `shown` may be listed, and whether it must be
    /// entered.
    fn judge(&mut self, here: &Here<'_>, name: &[u8], is_dir: bool) -> (bool, bool) {
        let args = &self.scan.args;
        let path = &self.shown[here.relative..];
        let deep = args.max_depth.is_some_and(|most| here.task.depth + 1 >= most);
        let listed = match self.scan.globs.choice(path, is_dir) {
            Choice::Chosen => true,
            Choice::LeftOut => return (false, false),
            Choice::Open if here.task.left_out => false,
            Choice::Open => {
                let hidden = || !args.hidden && name.starts_with(b".");
                let by_rules = here.levels.as_deref().and_then(|levels| {
                    self.full.truncate(here.ends[1]);
                    self.full.extend_from_slice(name);
                    leave_out(Some(levels), &self.full, name, is_dir)
                });
                !by_rules.unwrap_or_else(hidden)
            }
        };
        let entered = is_dir && !deep && (listed || self.scan.globs.may_choose_below(path));
        (listed, entered)
    }

    /// Queues the subdirectories of a directory that has been read.
    fn push(&self, here: Here<'_>, directory: Directory) {
        let Here { task, id, levels, mut below, .. } = here;
        if below.is_empty() {
            return;
        }
        let ticket = Ticket::of(&self.scan.open, self.scan.most_open);
        let place = Arc::new(Place {
            above: task.above.clone(),
            path: task.path.clone(),
            name: task.name,
            linked: task.linked,
            id,
            directory: ticket.map(|ticket| (directory, ticket)),
            levels,
        });
        below.iter_mut().for_each(|task| task.above = Some(Arc::clone(&place)));
        self.scan.queue.push(self.thread, below.into_iter());
    }
}

/// Writes a directory's path to a buffer, with a slash at its end.
fn begin(buffer: &mut Vec<u8>, base: &[u8], more: &[u8]) {
    buffer.clear();
    buffer.extend_from_slice(&join(base, more));
    if !buffer.ends_with(b"/") {
        buffer.push(b'/');
    }
}

/// Returns the metadata of an entry, following a link if `follow`. For a dangling link, the
/// metadata is that of the link.
fn ask(directory: &Directory, name: &[u8], follow: bool) -> io::Result<Known> {
    match directory.known(name, follow) {
        Err(error) if follow && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            directory.known(name, false)
        }
        known => known,
    }
}

/// Returns the path of the ancestor directory that a link leads back to.
fn looped<'h>(here: &'h Here<'_>, known: &Known) -> Option<&'h [u8]> {
    if known.meta.kind != Kind::Directory {
        return None;
    }
    if here.id == Some(known.id) {
        return Some(&here.task.path);
    }
    let above = here.task.above.as_deref()?;
    above.way_up().find(|place| place.id == Some(known.id)).map(|place| &place.path[..])
}
