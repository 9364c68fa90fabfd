//! The way up: stops are gone through depth first, on a stack of frames, and asked for when all below them is known.
//!
//! A task is a stack of frames as well: of branches whose results go to joins. See [`joins`](super::joins) for what
//! becomes of a stop where a task is divided.

use super::joins::{Board, Close, Frame, JoinId, Met, Parent, Results};
use super::sweep::{Place, Sweep, Swept};
use super::up::{Branches, FoldedUp};
use crate::bytes::ByteMask;
use crate::node::{NodeRef, Shared, Spot};
use crate::parallel::location::{At, Location};
use crate::parallel::pool::{self, Hand};
use crate::parallel::walk::WalkParallel;
use crate::sync::Monitor;

/// What is asked at each stop.
pub(in crate::parallel) trait Algebra<V>: Sync {
    type Result: Send;

    /// Whether a node that is met again comes to the same.
    const SHARED: bool;

    fn ask(&self, location: &Location<'_, V>, branches: Branches<'_, Self::Result>) -> Self::Result;

    /// Another of a result, where nodes are shared.
    fn copy(&self, result: &Self::Result) -> Self::Result;
}

/// Frames and the path to the last of them.
pub(in crate::parallel) struct Task<'w, V, T> {
    root: usize,
    path: Vec<u8>,
    frames: Vec<Frame<'w, V, T>>,
}

/// Folds each root of a walk.
pub(in crate::parallel) fn fold<V: Send + Sync, A: Algebra<V>>(
    walk: &WalkParallel<'_, V>,
    algebra: &A,
) -> FoldedUp<A::Result> {
    let trunks = walk.trunks();
    let board = Board::new(A::SHARED);
    let readers: Vec<_> = trunks.iter().map(|trunk| trunk.reader(trunk.path())).collect();
    let mut tasks = Vec::new();
    for (root, reader) in readers.iter().enumerate() {
        use crate::zipper::Zipper;
        if reader.path_exists() {
            tasks.push(begin(&board, root, trunks[root].path(), reader.place()));
        }
    }
    let found = Monitor::new((0..trunks.len()).map(|_| None).collect::<Vec<Option<A::Result>>>());
    let threads = vec![(); walk.thread_count()];
    let walked = pool::run(walk.rules(), tasks, threads, |hand, (), task| {
        let root_len = trunks[task.root].path().len();
        let climb = Climb {
            algebra,
            board: &board,
            found: &found,
            root: task.root,
            root_len,
            path: task.path,
            frames: task.frames,
            spare: Vec::new(),
            swept: Sweep::new(),
            below: 0,
            levels: 1,
            granted: hand.visits_left(),
            asked: 0,
        };
        climb.perform(hand);
    });
    let found = found.into_inner();
    let roots = trunks.iter().zip(found).filter_map(|(trunk, result)| Some((trunk.path().to_vec(), result?)));
    FoldedUp { roots: roots.collect(), walked }
}

/// The task for all of a root: a frame for the root itself, whose result goes to a join that has no stop.
fn begin<'w, V, T>(
    board: &Board<'w, V, T>,
    root: usize,
    path: &[u8],
    place: Option<(NodeRef<'w, V>, Spot)>,
) -> Task<'w, V, T> {
    let join = board.open(Vec::new(), Parent::Root(root), path.len(), Vec::new(), 1);
    let part = Frame {
        place: None,
        len: path.len(),
        rest: ByteMask::EMPTY,
        close: Close::Contribute(join),
        results: Results::new(),
    };
    let place = place.map(|(node, spot)| (node, node.known(spot)));
    let rest = place.map_or(ByteMask::EMPTY, |(node, spot)| node.child_mask(spot));
    let stop = Frame { place, len: path.len(), rest, close: Close::Ask(None), results: Results::new() };
    Task { root, path: path.to_vec(), frames: vec![part, stop] }
}

/// A task at work.
pub(in crate::parallel) struct Climb<'c, 'w, V, A: Algebra<V>> {
    pub(in crate::parallel) algebra: &'c A,
    board: &'c Board<'w, V, A::Result>,
    found: &'c Monitor<Vec<Option<A::Result>>>,
    root: usize,
    pub(in crate::parallel) root_len: usize,
    pub(in crate::parallel) path: Vec<u8>,
    pub(in crate::parallel) frames: Vec<Frame<'w, V, A::Result>>,
    /// Results that were used up, for their memory.
    pub(in crate::parallel) spare: Vec<Results<A::Result>>,
    pub(in crate::parallel) swept: Sweep<'w, V, A::Result>,
    /// So many frames from the bottom have no branches left to begin.
    below: usize,
    /// How many levels are given away next where each has a single branch left.
    levels: usize,
    /// How often the algebra may be asked before it is time to look at the others, and how often it was.
    pub(in crate::parallel) granted: u32,
    pub(in crate::parallel) asked: u32,
}

impl<'w, V: Send + Sync, A: Algebra<V>> Climb<'_, 'w, V, A> {
    fn perform(mut self, hand: &mut Hand<'_, Task<'w, V, A::Result>>) {
        // So many frames have shared branches on the way down, and likely others.
        let mut sharing = 0;
        while !self.frames.is_empty() && !hand.is_stopped() {
            if let Some(wanted) = self.pause(hand) {
                hand.give(self.divide(wanted));
                continue;
            }
            let Some(top) = self.frames.last() else { break };
            self.path.truncate(top.len);
            if top.rest.is_empty_mask() {
                let frame = self.pop();
                sharing = sharing.min(self.frames.len());
                self.close(frame);
            } else if self.frames.len() <= sharing {
                self.descend();
            } else {
                match self.sweep(hand) {
                    Swept::Known => {
                        sharing = self.frames.len();
                        self.descend();
                    }
                    Swept::Paused(wanted) => hand.give(self.divide(wanted)),
                    Swept::Done => {}
                }
            }
        }
        hand.visits_made(self.asked);
    }

    /// After so many visits as are granted: how many tasks others could do with, if any, or 0 if the walk was stopped.
    #[inline]
    pub(in crate::parallel) fn pause(
        &mut self,
        hand: &mut Hand<'_, Task<'w, V, A::Result>>,
    ) -> Option<usize> {
        if self.asked < self.granted {
            return None;
        }
        hand.visits_made(std::mem::take(&mut self.asked));
        let wanted = hand.look();
        self.granted = hand.visits_left();
        (wanted > 0 || hand.is_stopped()).then_some(wanted)
    }

    /// Goes down from the top frame's stop by its next branch to the next stop, which may be known.
    fn descend(&mut self) {
        let top = self.frames.last_mut().expect("there is a frame below");
        let (place, below) = (top.place.expect("what has branches has a place"), top.len);
        let byte = top.rest.first_bit().expect("there is a branch");
        top.rest.clear_bit(byte);
        let ((node, spot), entered) = self.step(place, byte);
        let mut memo = None;
        if A::SHARED && entered && node.is_shared() {
            let board = self.board;
            let met = board.meet(node.id(), || {
                let top = self.frames.len() - 1;
                let (_, join) = detach(board, &mut self.frames, &mut self.below, &self.path, top);
                board.expect(join, 1);
                (join, self.path[below..].to_vec())
            });
            match met {
                Met::New => memo = Some(node.id()),
                Met::Begun => return,
                Met::Known(result) => {
                    let copy = self.algebra.copy(&result);
                    return self.tell(node.id(), result, copy);
                }
            }
        }
        let rest = node.child_mask(spot);
        let results = self.spare.pop().unwrap_or(Results::new());
        let close = Close::Ask(memo);
        let frame = Frame { place: Some((node, spot)), len: self.path.len(), rest, close, results };
        self.frames.push(frame);
    }

    /// Leads the path down by a byte, which is there, from a stop to the next. Returns where that is, and whether a node
    /// was entered on the way.
    pub(in crate::parallel) fn step(&mut self, from: Place<'w, V>, byte: u8) -> (Place<'w, V>, bool) {
        let (mut node, mut spot) = from;
        spot = node.narrow(spot, byte).expect("the byte is in the mask");
        self.path.push(byte);
        let mut entered = false;
        loop {
            if let Some(child) = node.child_at(spot) {
                node = Shared::view(child);
                spot = node.known(Spot::ROOT);
                entered = true;
            }
            if node.value_at(spot).is_some() {
                break;
            }
            let Some(next) = node.unbranched(spot) else { break };
            let entry = node.entry(next.lo as usize);
            entry.suffix.first(next.depth()).append_from(spot.depth(), &mut self.path);
            spot = next;
        }
        ((node, spot), entered)
    }

    /// Takes a result to the frame on top; the path leads to where it is from.
    fn deliver(&mut self, result: A::Result) {
        let top = self.frames.last_mut().expect("there is a frame below");
        top.results.push(&self.path[top.len..], result);
    }

    pub(in crate::parallel) fn pop(&mut self) -> Frame<'w, V, A::Result> {
        let frame = self.frames.pop().expect("there is a frame");
        self.below = self.below.min(self.frames.len());
        frame
    }

    /// Ends a frame, to whose stop the path leads: all branches of it have been folded or given away.
    pub(in crate::parallel) fn close(&mut self, frame: Frame<'w, V, A::Result>) {
        match frame.close {
            Close::Ask(_) => self.ask(frame),
            Close::Contribute(join) => self.settle(vec![(join, frame.results)]),
        }
    }

    /// Asks for a stop whose path is the present one, and takes the result to the frame on top.
    fn ask(&mut self, mut frame: Frame<'w, V, A::Result>) {
        let location = Location::new(&self.path, self.root_len, At::Place(frame.place));
        let result = self.algebra.ask(&location, frame.results.branches());
        self.asked += 1;
        self.spare.push(frame.results.cleared());
        if let Close::Ask(Some(node)) = frame.close {
            let copy = self.algebra.copy(&result);
            self.tell(node, copy, result);
        } else {
            self.deliver(result);
        }
    }

    /// Puts what a node came to into its memo, and takes a copy to the frame on top and to those who wait for it.
    fn tell(&mut self, node: usize, result: A::Result, copy: A::Result) {
        let waiters = self.board.tell(node, result);
        let due = waiters.into_iter().map(|waiter| self.due(waiter, &copy)).collect();
        self.deliver(copy);
        self.settle(due);
    }

    fn due(&self, (join, suffix): (JoinId, Vec<u8>), result: &A::Result) -> (JoinId, Results<A::Result>) {
        let mut results = Results::new();
        results.push(&suffix, self.algebra.copy(result));
        (join, results)
    }

    /// Brings contributions to their joins, and goes on above those of which they are the last.
    ///
    /// The path leads to the stop that they are for. (Or somewhere else, where nodes are shared; but then paths are not
    /// seen.)
    fn settle(&mut self, mut due: Vec<(JoinId, Results<A::Result>)>) {
        while let Some((id, results)) = due.pop() {
            let Some(mut join) = self.board.contribute(id, results) else { continue };
            let mut stops = std::mem::take(&mut join.stops);
            let mut below: Option<(A::Result, usize)> = None;
            while let Some(mut stop) = stops.pop() {
                if let Some((result, end)) = below.take() {
                    stop.results.push(&join.trail[stop.len - join.base..end - join.base], result);
                }
                let path = self.path.get(..stop.len).unwrap_or(&[]);
                let location = Location::new(path, self.root_len.min(path.len()), At::Place(stop.place));
                let result = self.algebra.ask(&location, stop.results.branches());
                self.asked += 1;
                if let Close::Ask(Some(node)) = stop.close {
                    let waiters = self.board.tell(node, self.algebra.copy(&result));
                    due.extend(waiters.into_iter().map(|waiter| self.due(waiter, &result)));
                }
                below = Some((result, stop.len));
            }
            match join.parent {
                Parent::Join(parent) => {
                    let (result, end) = below.expect("a join below another has a stop");
                    let mut results = Results::new();
                    results.push(&join.trail[..end - join.base], result);
                    due.push((parent, results));
                }
                Parent::Root(root) => {
                    let result = join.into_only();
                    self.found.lock()[root] = result;
                }
            }
        }
    }

    /// Gives away branches that have not been begun, in up to `wanted` tasks.
    fn divide(&mut self, wanted: usize) -> Vec<Task<'w, V, A::Result>> {
        let mut tasks = Vec::new();
        while tasks.len() < wanted {
            let cut = self.cut(wanted - tasks.len());
            if cut.is_empty() {
                break;
            }
            tasks.extend(cut);
        }
        tasks
    }

    /// Cuts the frames into up to `wanted` tasks, as a [`Run`](crate::parallel::run::Run) is: at the first level that has branches left; and where there is
    /// but one, at more levels each time.
    fn cut(&mut self, wanted: usize) -> Vec<Task<'w, V, A::Result>> {
        let top = self.frames.len() - 1;
        let open = |frames: &[Frame<'w, V, A::Result>], from: usize, to: usize| {
            (from..to).find(|&at| !frames[at].rest.is_empty_mask())
        };
        let Some(first) = open(&self.frames, self.below, top + 1) else {
            self.below = top + 1;
            return Vec::new();
        };
        self.below = first;
        // The top frame's stop has no branch in which we are: one has to be left.
        let left = self.frames[first].rest.count_bits() - usize::from(first == top);
        if left == 0 {
            return Vec::new();
        }
        if left > 1 || first == top {
            let (at, join) = self.detach(first);
            let branches: Vec<u8> = self.frames[at].rest.iter().collect();
            let parts = wanted.clamp(1, left);
            let end = |part: usize| branches.len() * part / (parts + 1);
            let mask = |part: usize| ByteMask::from_iter(branches[end(part)..end(part + 1)].iter().copied());
            self.frames[at].rest = mask(0);
            self.board.expect(join, parts);
            let task = |part| self.task(vec![self.frames[at].part(mask(part), join)]);
            return (1..=parts).map(task).collect();
        }
        let mut last = first;
        for _ in 1..self.levels {
            match open(&self.frames, last + 1, top) {
                Some(at) => last = at,
                None => break,
            }
        }
        self.levels = self.levels.saturating_mul(2);
        let (at, _) = self.detach(last);
        let mut parts = Vec::new();
        for frame in &mut self.frames[self.below..=at] {
            if let (Close::Contribute(join), false) = (&frame.close, frame.rest.is_empty_mask()) {
                self.board.expect(*join, 1);
                let rest = std::mem::replace(&mut frame.rest, ByteMask::EMPTY);
                parts.push(frame.part(rest, *join));
            }
        }
        self.below = at + 1;
        vec![self.task(parts)]
    }

    fn detach(&mut self, at: usize) -> (usize, JoinId) {
        detach(self.board, &mut self.frames, &mut self.below, &self.path, at)
    }

    fn task(&self, frames: Vec<Frame<'w, V, A::Result>>) -> Task<'w, V, A::Result> {
        let len = frames.last().expect("something is given").len;
        Task { root: self.root, path: self.path[..len].to_vec(), frames }
    }
}

/// Makes the stop of a frame wait in a join, and with it all stops below it on the stack; the frames that have branches
/// left, and this one, go on as parts of such joins. Returns where it is then, and its join.
///
/// `below` is kept as it is described at [`Climb`].
fn detach<'w, V, T>(
    board: &Board<'w, V, T>,
    frames: &mut Vec<Frame<'w, V, T>>,
    below: &mut usize,
    path: &[u8],
    at: usize,
) -> (usize, JoinId) {
    let part = frames[..=at].iter().rposition(|frame| frame.join().is_some()).expect("the bottom is a part");
    let (mut join, mut base) = (frames[part].join().expect("it is a part"), frames[part].len);
    *below = (*below).min(part + 1);
    let (mut parts, mut stops) = (Vec::new(), Vec::new());
    let mut waiting = frames.drain(part + 1..=at).peekable();
    while let Some(mut stop) = waiting.next() {
        let rest = std::mem::replace(&mut stop.rest, ByteMask::EMPTY);
        let (place, len) = (stop.place, stop.len);
        stops.push(stop);
        if !rest.is_empty_mask() || waiting.peek().is_none() {
            let trail = path[base..len].to_vec();
            join = board.open(std::mem::take(&mut stops), Parent::Join(join), base, trail, 1);
            base = len;
            let close = Close::Contribute(join);
            parts.push(Frame { place, len, rest, close, results: Results::new() });
        }
    }
    drop(waiting);
    let at = part + parts.len();
    frames.splice(part + 1..part + 1, parts);
    (at, join)
}
