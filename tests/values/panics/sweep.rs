// The sweep, for traps of one size; see `panics.rs`.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use bytetrie::testing::keys::Rng;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::naive::{NaiveMap, NaiveZipper};
use bytetrie::testing::ops::{
    Algebra, Keys, MapOp, Move, ProgramValue, SLOTS, Source, Twin, Write, Writing, same_content,
};
use bytetrie::testing::reached::{Mark, before_question};
use bytetrie::zipper::*;
use bytetrie::{AlgebraicResult, DistributiveLattice, Entry, Lattice, PathMap};

/// The events that run code of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Event {
    Clone,
    Drop,
    /// A comparison, a hash, an operation of the lattice, or a closure.
    Call,
}

/// A moment in which other owners of the nodes are dropped or rewritten.
#[derive(Clone, Copy, Debug)]
struct Strike {
    rewrite: bool,
    at: Moment,
}

/// The number of the moment among those of its kind in a call.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// At a clone or a drop, which are counted together.
    Event(usize),
    /// Before the library looks whether a node has other owners.
    Question(usize),
}

/// The behaviour of the traps of a thread.
struct Trigger {
    events: Cell<[usize; 3]>,
    panic_at: Cell<Option<(Event, usize)>>,
    strike_at: Cell<Option<Strike>>,
    live: Cell<isize>,
}

thread_local! {
    static TRIGGER: Trigger = const {
        Trigger {
            events: Cell::new([0; 3]),
            panic_at: Cell::new(None),
            strike_at: Cell::new(None),
            live: Cell::new(0),
        }
    };
    /// The number of strikes before a question.
    static STRUCK: Cell<usize> = const { Cell::new(0) };
    static OTHERS: RefCell<Vec<PathMap<Trap>>> = const { RefCell::new(Vec::new()) };
}

/// The payload of a trap's panic.
struct Sprung;

fn event(event: Event) {
    TRIGGER.with(|trigger| {
        let mut events = trigger.events.get();
        let count = events[event as usize];
        events[event as usize] += 1;
        trigger.events.set(events);
        if event != Event::Call
            && let Some(Strike { at: Moment::Event(at), rewrite }) = trigger.strike_at.get()
            && at == events[0] + events[1] - 1
        {
            trigger.strike_at.set(None);
            strike(rewrite);
        }
        if trigger.panic_at.get() == Some((event, count)) && !std::thread::panicking() {
            trigger.panic_at.set(None);
            if std::env::var("BYTETRIE_PANIC_TRACE").is_ok() {
                eprintln!("{}", std::backtrace::Backtrace::force_capture());
            }
            resume_unwind(Box::new(Sprung));
        }
    });
}

/// Drops or rewrites the other owners.
fn strike(rewrite: bool) {
    let mut others = OTHERS.take();
    if rewrite {
        for map in &mut others {
            map.insert("abba", Trap::of(1));
            map.remove("a");
        }
        OTHERS.set(others);
    }
}

/// Runs `work` as another thread would: its events are not counted, and do not panic.
fn elsewhere(work: impl FnOnce()) {
    TRIGGER.with(|trigger| {
        let (events, panic_at) = (trigger.events.get(), trigger.panic_at.take());
        work();
        trigger.events.set(events);
        trigger.panic_at.set(panic_at);
    });
}

/// Runs `work` with the trap set, and returns true iff it was sprung.
fn springs(panic_at: Option<(Event, usize)>, strike_at: Option<Strike>, work: impl FnOnce()) -> bool {
    TRIGGER.with(|trigger| {
        trigger.events.set([0; 3]);
        trigger.panic_at.set(panic_at);
        trigger.strike_at.set(strike_at);
    });
    let result = catch_unwind(AssertUnwindSafe(|| match strike_at {
        Some(Strike { rewrite, at: Moment::Question(n) }) => {
            let ((), struck) = before_question(n, move || elsewhere(|| strike(rewrite)), work);
            STRUCK.set(STRUCK.get() + usize::from(struck));
        }
        _ => work(),
    }));
    TRIGGER.with(|trigger| {
        trigger.panic_at.set(None);
        trigger.strike_at.set(None);
    });
    match result {
        Ok(()) => false,
        Err(panic) if panic.is::<Sprung>() => true,
        Err(panic) => resume_unwind(panic),
    }
}

fn events() -> [usize; 3] {
    TRIGGER.with(|trigger| trigger.events.get())
}

/// A value that owns memory, so that the address sanitizer detects reads after its drop.
#[derive(Debug)]
struct Trap(Box<u64>, #[allow(dead_code, reason = "it makes the value large")] [u64; PAD]);

impl Trap {
    fn new(number: u64) -> Self {
        TRIGGER.with(|trigger| trigger.live.set(trigger.live.get() + 1));
        Self(Box::new(number), [0; PAD])
    }
}

impl Clone for Trap {
    fn clone(&self) -> Self {
        event(Event::Clone);
        Self::new(*self.0)
    }
}

impl Drop for Trap {
    fn drop(&mut self) {
        // A value is counted as dropped even if its drop panics.
        TRIGGER.with(|trigger| trigger.live.set(trigger.live.get() - 1));
        event(Event::Drop);
    }
}

impl PartialEq for Trap {
    fn eq(&self, other: &Self) -> bool {
        event(Event::Call);
        self.0 == other.0
    }
}
impl Eq for Trap {}
impl PartialOrd for Trap {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Trap {
    fn cmp(&self, other: &Self) -> Ordering {
        event(Event::Call);
        self.0.cmp(&other.0)
    }
}
impl Hash for Trap {
    fn hash<H: Hasher>(&self, state: &mut H) {
        event(Event::Call);
        self.0.hash(state);
    }
}
impl Lattice for Trap {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        event(Event::Call);
        match self.0.cmp(&other.0) {
            Ordering::Greater => AlgebraicResult::Identity(1),
            Ordering::Equal => AlgebraicResult::Identity(3),
            Ordering::Less => AlgebraicResult::Element(Self::new(*other.0)),
        }
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        event(Event::Call);
        match self.0.cmp(&other.0) {
            Ordering::Less => AlgebraicResult::Identity(1),
            Ordering::Equal => AlgebraicResult::Identity(3),
            Ordering::Greater => AlgebraicResult::Element(Self::new(*other.0)),
        }
    }
}
impl DistributiveLattice for Trap {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        event(Event::Call);
        match self.0 == other.0 {
            true => AlgebraicResult::None,
            false => AlgebraicResult::Identity(1),
        }
    }
}
impl ProgramValue for Trap {
    fn of(operand: u8) -> Self {
        Self::new(u64::from(operand % 3) + 1)
    }
}

/// The parameters of a scenario. Equal seeds give equal scenarios.
struct Scene {
    rng: Rng,
    keys: Keys,
    twins: [Twin<Trap>; SLOTS],
    limits: Limits,
}

impl Scene {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let paths = (0..2 + rng.below(9)).map(|_| {
            let len = rng.below(6);
            let mut path: Vec<u8> = (0..len).map(|_| b"ab\0\xff"[rng.below(4)]).collect();
            if rng.below(8) == 0 {
                path.extend([b'l'; 60]);
            }
            path
        });
        let keys = Keys::new(paths.collect());
        let limits = match rng.below(4) {
            0 => Limits { entries: 6 + rng.below(27), bytes: 40 + rng.below(160) },
            1 => Limits::DEFAULT,
            _ => Limits::TINY,
        };
        let mut twins: [Twin<Trap>; SLOTS] = std::array::from_fn(|_| Twin::default());
        with_limits(limits, || {
            for twin in &mut twins {
                for _ in 0..rng.below(10) {
                    let path = keys.pick(rng.below(64) as u8);
                    let value = rng.below(3) as u8;
                    twin.real.insert(&path, Trap::of(value));
                    twin.model.set(&path, Trap::of(value));
                }
            }
            let from = rng.below(3);
            if rng.below(2) == 0 {
                twins[0] = twins[from].clone();
            }
        });
        Self { rng, keys, twins, limits }
    }

    fn bytes(&mut self) -> [u8; 3] {
        self.rng.next_u64().to_le_bytes()[..3].try_into().unwrap()
    }

    /// When the other owners are dropped or rewritten. In a third of the scenarios, they are not.
    fn strike(&mut self) -> Option<Strike> {
        let (event, question) = (self.rng.below(4), self.rng.below(8));
        let rewrite = self.rng.below(4) == 0;
        let at = [None, Some(Moment::Event(event)), Some(Moment::Question(question))];
        at[self.rng.below(3)].map(|at| Strike { rewrite, at })
    }
}

/// The state in which a panic left a map or a zipper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Left {
    Before,
    After,
}

/// Returns each location below a zipper's root with the number of its value.
type Content = Vec<(Vec<u8>, Option<u64>)>;

fn content<Z: ZipperIteration + ZipperValues<Trap>>(mut zipper: Z) -> Content {
    let mut content = Content::new();
    if zipper.path_exists() {
        content.push((Vec::new(), zipper.val().map(|trap| *trap.0)));
    }
    while zipper.to_next_step() {
        content.push((zipper.path().to_vec(), zipper.val().map(|trap| *trap.0)));
    }
    content
}

fn model_content(model: &NaiveMap<Trap>, root: &[u8]) -> Content {
    let below =
        |(path, value): (&[u8], Option<&Trap>)| (path[root.len()..].to_vec(), value.map(|trap| *trap.0));
    model.at_or_below(root).map(below).collect()
}

/// A call of a zipper.
#[derive(Clone, Debug)]
enum Call {
    Write(Write),
    Algebra(Algebra),
    /// `get_val_mut`, without using the value.
    GetMut,
    /// `get_val_or_set_mut_with`, with a closure that may panic.
    GetOrSet(u8),
}

impl Call {
    fn decode([tag, kind, x]: [u8; 3], y: u8, keys: &Keys, focus: &[u8]) -> Self {
        match tag % 3 {
            0 => Call::Algebra(Algebra::decode(kind, [x, y], keys)),
            _ => match Write::decode(kind, [x, y], keys, focus) {
                Write::GetValMut(_) => Call::GetMut,
                Write::GetValOrSetMut(x) | Write::GetValOrSetMutWith(x) => Call::GetOrSet(x),
                // Two calls, so the zipper may also be left between them.
                Write::TakeAndGraftBack => Call::Write(Write::TakeMap { prune: false, into: 0 }),
                call => Call::Write(call),
            },
        }
    }

    fn run<Z: Writing<Trap>>(&self, z: &mut Z, m: &mut NaiveZipper<'_, Trap>, twins: &mut [Twin<Trap>]) {
        match self {
            Call::Write(call) => call.run(z, m, twins),
            Call::Algebra(call) => call.run(z, m, twins),
            Call::GetMut => assert_eq!(z.get_val_mut(), m.get_val_mut()),
            Call::GetOrSet(x) => {
                let real = z.get_val_or_set_mut_with(|| {
                    event(Event::Call);
                    Trap::of(*x)
                });
                assert_eq!(real, m.get_val_or_set_mut_with(|| Trap::of(*x)));
            }
        }
    }
}

impl Call {
    /// Makes the call on the library only, so that all events are caused by the library.
    fn on<Z: Writing<Trap>>(&self, z: &mut Z, twins: &mut [Twin<Trap>]) {
        let of = Trap::of;
        match self {
            Call::GetMut => drop(z.get_val_mut()),
            Call::GetOrSet(x) => drop(z.get_val_or_set_mut_with(|| {
                event(Event::Call);
                of(*x)
            })),
            Call::Write(call) => match call {
                Write::SetVal(x) => drop(z.set_val(of(*x))),
                Write::GetValMut(_)
                | Write::GetValOrSetMut(_)
                | Write::GetValOrSetMutWith(_)
                | Write::TakeAndGraftBack => unreachable!("it is not decoded"),
                Write::RemoveVal { prune } => drop(z.remove_val(*prune)),
                Write::CreatePath => _ = z.create_path(),
                Write::PrunePath => _ = z.prune_path(),
                Write::PruneAscend => _ = z.prune_ascend(),
                Write::RemoveBranches { prune } => _ = z.remove_branches(*prune),
                Write::RemoveUnmaskedBranches { mask, prune } => z.remove_unmasked_branches(*mask, *prune),
                Write::InsertPrefix(prefix) => _ = z.insert_prefix(prefix),
                Write::RemovePrefix(n) => _ = z.remove_prefix(*n),
                Write::Graft(source) => z.graft(&reader(source, twins)),
                Write::GraftSrcAt(source, path) => z.graft_src_at(&reader(source, twins), path),
                Write::GraftMap { slot } => z.graft_map(twins[*slot].real.clone()),
                Write::GraftMaskedBranches { source, mask, remove_unset } => {
                    z.graft_masked_branches(&reader(source, twins), *mask, *remove_unset);
                }
                Write::GraftChildMaps { first, maps, mask, remove_unset } => {
                    let maps = twins.iter().cycle().skip(*first).take(*maps).map(|twin| {
                        event(Event::Call);
                        twin.real.clone()
                    });
                    z.graft_child_maps(*mask, maps, *remove_unset);
                }
                Write::TakeMap { prune, into } => {
                    if let Some(taken) = z.take_map(*prune) {
                        twins[*into].real = taken;
                    }
                }
                Write::MakeMap { into } => twins[*into].real = z.make_map(),
            },
            Call::Algebra(call) => match call {
                Algebra::JoinInto(operand) => _ = z.join_into(&reader(&operand.source, twins)),
                Algebra::JoinMapInto { slot } => _ = z.join_map_into(twins[*slot].real.clone()),
                Algebra::JoinIntoTake { source, prune } => {
                    let mut from = twins[source.slot].real.write_zipper_at_path(&source.root);
                    from.descend_to(&source.below);
                    z.join_into_take(&mut from, *prune);
                }
                Algebra::JoinKPathInto { k, prune } => _ = z.join_k_path_into(*k, *prune),
                Algebra::MeetKPathInto { k, prune } => _ = z.meet_k_path_into(*k, *prune),
                Algebra::MeetInto { operand, prune } => {
                    z.meet_into(&reader(&operand.source, twins), *prune);
                }
                Algebra::Meet2(a, b) => _ = z.meet_2(&reader(&a.source, twins), &reader(&b.source, twins)),
                Algebra::SubtractInto { operand, prune } => {
                    z.subtract_into(&reader(&operand.source, twins), *prune);
                }
                Algebra::Restrict(operand) => _ = z.restrict(&reader(&operand.source, twins)),
                Algebra::Restricting(operand) => _ = z.restricting(&reader(&operand.source, twins)),
            },
        }
    }
}

fn reader<'a>(source: &Source, twins: &'a [Twin<Trap>]) -> ReadZipperUntracked<'a, 'static, Trap> {
    let mut reader = twins[source.slot].real.read_zipper_at_path(&source.root);
    reader.descend_to(&source.below);
    reader
}

/// Runs the scene up to the call of its zipper, makes this call with the trap set, and then uses
/// the zipper further. Returns the number of events, whether the trap was sprung, and the state
/// that it left.
///
/// If `left` is known, the content is not queried before the end of the scene.
fn writer(seed: u64, panic_at: Option<(Event, usize)>, left: Option<Left>) -> ([usize; 3], bool, Left) {
    let mut scene = Scene::new(seed);
    let limits = scene.limits;
    with_limits(limits, || {
        let root = {
            let [x, y, _] = scene.bytes();
            let mut root = scene.keys.pick(x);
            root.truncate(usize::from(y % 3));
            root
        };
        // The zipper's map, which shares its nodes with the original.
        let Twin { mut real, model } = scene.twins[0].clone();
        OTHERS.set(if scene.rng.below(4) == 0 {
            scene.twins[0] = Twin::default();
            vec![real.clone()]
        } else {
            scene.twins.iter().map(|twin| twin.real.clone()).collect()
        });
        let found = match scene.rng.below(3) {
            0 => {
                let mut z = real.write_zipper_at_path(&root[..]);
                write(&mut scene, &mut z, model, &root, panic_at, left)
            }
            1 => {
                let mut z = std::mem::take(&mut real).into_write_zipper(&root);
                write(&mut scene, &mut z, model, &root, panic_at, left)
            }
            _ => {
                let head = real.zipper_head();
                let mut z = head.write_zipper_at_exclusive_path(&root).unwrap();
                write(&mut scene, &mut z, model, &root, panic_at, left)
            }
        };
        drop(real);
        scene.twins.iter().for_each(|twin| twin.real.check().unwrap());
        OTHERS.take();
        found
    })
}

fn write<Z: Writing<Trap>>(
    scene: &mut Scene,
    z: &mut Z,
    mut model: NaiveMap<Trap>,
    root: &[u8],
    panic_at: Option<(Event, usize)>,
    left: Option<Left>,
) -> ([usize; 3], bool, Left) {
    let mut m = NaiveZipper::new(&mut model, root);
    // A writer with cached state: it has moved and written.
    for _ in 0..scene.rng.below(4) {
        let ([kind, x, y], keys) = (scene.bytes(), &scene.keys);
        if scene.rng.below(3) == 0 {
            Write::SetVal(y).run(z, &mut m, &mut scene.twins);
        }
        let step = Move::decode(kind, x, keys, m.path());
        assert_eq!(step.on(z), step.on_model(&mut m));
    }
    if scene.rng.below(2) == 0 {
        // All nodes are shared again.
        OTHERS.with_borrow_mut(|others| others.push(z.make_map()));
    }
    let call = {
        let (bytes, [y, ..]) = (scene.bytes(), scene.bytes());
        Call::decode(bytes, y, &scene.keys, m.path())
    };
    let strike = scene.strike();
    let (before, focus) = (m.map().clone(), m.path().to_vec());
    let (sources, mut after) = (scene.twins.clone(), before.clone());
    let mut sources_after = sources.clone();
    let after_focus = {
        let mut m = NaiveZipper::standing_at(&mut after, root, &focus);
        let mut fresh = rebuilt(&before).into_write_zipper(root);
        fresh.descend_to(&focus);
        call.run(&mut fresh, &mut m, &mut sources_after);
        m.path().to_vec()
    };
    let mut scratch = sources.clone();
    let sprung = springs(panic_at, strike, || call.on(z, &mut scratch));
    let found = events();
    if std::env::var("BYTETRIE_PANIC_TRACE").is_ok() {
        eprintln!("{call:?} from {focus:?}, {panic_at:?}, {strike:?}: sprung {sprung}, live {}", live());
    }
    let at = [z.root_prefix_path(), z.path()].concat();
    assert!(
        at == [root, &focus].concat() || at == [root, &after_focus].concat(),
        "{call:?} left the zipper at {at:?}"
    );
    let left = left.unwrap_or_else(|| {
        let reached = z.path().to_vec();
        z.reset();
        let is = content(z.fork_read_zipper());
        let left = if is == model_content(&after, root) {
            Left::After
        } else if sprung && is == model_content(&before, root) {
            Left::Before
        } else {
            panic!(
                "{call:?} from {focus:?} left {is:?}, neither {:?} nor {:?}",
                model_content(&before, root),
                model_content(&after, root)
            )
        };
        z.move_to_path(reached);
        left
    });
    for ((twin, source), after) in scratch.iter().zip(&sources).zip(&sources_after) {
        twin.real.check().unwrap();
        let is = content(twin.real.read_zipper());
        assert!(
            is == model_content(&after.model, &[]) || sprung && is == model_content(&source.model, &[]),
            "{call:?} left a source otherwise"
        );
    }
    let mut goes_on = if left == Left::After { after } else { before };
    let reached = z.path().to_vec();
    let mut m = NaiveZipper::standing_at(&mut goes_on, root, &reached);
    // The zipper is used further.
    for _ in 0..8 {
        let ([tag, kind, x], [y, ..]) = (scene.bytes(), scene.bytes());
        let step = Move::decode(kind, x, &scene.keys, m.path());
        match tag % 4 {
            0 | 1 => assert_eq!(step.on(z), step.on_model(&mut m), "{step:?} after {call:?}"),
            2 => Write::SetVal(y).run(z, &mut m, &mut scene.twins),
            _ => Call::decode([y, kind, x], tag, &scene.keys, m.path()).run(z, &mut m, &mut scene.twins),
        }
        assert_eq!(z.path(), m.path(), "the path after {call:?}");
    }
    z.reset();
    same_content(&mut z.fork_read_zipper(), m.map(), root);
    (found, sprung, left)
}

/// Converts the model to a map that shares no nodes.
fn rebuilt(model: &NaiveMap<Trap>) -> PathMap<Trap> {
    let mut map = PathMap::new();
    for (path, value) in model.locations() {
        map.create_path(path);
        if let Some(value) = value {
            map.insert(path, value.clone());
        }
    }
    map
}

fn live() -> isize {
    TRIGGER.with(|trigger| trigger.live.get())
}

/// The number of scenes of a sweep.
fn scenes(default: u64) -> u64 {
    std::env::var("BYTETRIE_PANIC_SCENES").map_or(default, |scenes| scenes.parse().unwrap())
}

/// Runs a scene without a panic, and then twice for each event, with and without queries.
fn sweep(
    run: impl Fn(Option<(Event, usize)>, Option<Left>) -> ([usize; 3], bool, Left),
    seen: &mut [usize; 3],
) {
    let (counts, sprung, _) = run(None, None);
    assert!(!sprung && live() == 0, "{} values leaked without a panic", live());
    for (kind, count) in [Event::Clone, Event::Drop, Event::Call].into_iter().zip(counts) {
        for at in 0..count {
            let (_, sprung, left) = run(Some((kind, at)), None);
            assert_eq!(live(), 0, "values leaked by a panic in {kind:?} {at}");
            run(Some((kind, at)), Some(left));
            seen[kind as usize] += usize::from(sprung);
        }
    }
}

/// A call of a map that writes: its name, whether it is atomic under panics (otherwise its
/// documentation describes the state), and the call, given another map as an operand.
type MapCall = (&'static str, bool, fn(&mut PathMap<Trap>, &PathMap<Trap>, &[u8]));

const MAP_CALLS: &[MapCall] = &[
    ("insert", true, |map, _, path| drop(map.insert(path, Trap::of(0)))),
    ("get_mut", true, |map, _, path| _ = map.get_mut(path)),
    ("get_val_or_set_mut_with_at", true, |map, _, path| {
        map.get_val_or_set_mut_with_at(path, || {
            event(Event::Call);
            Trap::of(1)
        });
    }),
    ("remove", true, |map, _, path| drop(map.remove(path))),
    ("remove_val_at", true, |map, _, path| drop(map.remove_val_at(path, false))),
    ("create_path", true, |map, _, path| _ = map.create_path([path, b"tip"].concat())),
    ("prune_path", true, |map, _, path| _ = map.prune_path(path)),
    ("remove_branches_at", true, |map, _, path| _ = map.remove_branches_at(path, false)),
    ("remove_branches_at, pruned", true, |map, _, path| _ = map.remove_branches_at(path, true)),
    ("clear", true, |map, _, _| map.clear()),
    ("shrink_to_fit", true, |map, _, _| map.shrink_to_fit()),
    ("pop_first", true, |map, _, _| drop(map.pop_first())),
    ("pop_last", true, |map, _, _| drop(map.pop_last())),
    ("entry, or_insert_with", true, |map, _, path| {
        map.entry(path).or_insert_with(|| {
            event(Event::Call);
            Trap::of(1)
        });
    }),
    ("entry, remove", true, |map, _, path| {
        if let Entry::Occupied(entry) = map.entry(path) {
            drop(entry.remove());
        }
    }),
    ("merkleize", true, |map, _, _| _ = map.merkleize()),
    ("join_into", true, |map, other, _| _ = map.join_into(other.clone())),
    ("meet_into", true, |map, other, _| _ = map.meet_into(other)),
    ("subtract_into", true, |map, other, _| _ = map.subtract_into(other)),
    ("restrict_into", true, |map, other, _| _ = map.restrict_into(other)),
    ("|=", true, |map, other, _| *map |= other),
    ("join", true, |map, other, _| *map = map.join(other)),
    ("join_all", true, |map, other, _| *map = PathMap::join_all([&*map, other, &*map])),
    ("symmetric_difference", true, |map, other, _| *map = map.symmetric_difference(other)),
    ("join_with", true, |map, other, _| *map = map.join_with(other, |a, b| a.pjoin(b))),
    ("subtract_with", true, |map, other, _| *map = map.subtract_with(other, |a, b| a.psubtract(b))),
    ("split_off", false, |map, _, path| drop(map.split_off(&path[..path.len().min(1)]))),
    ("retain", false, |map, _, _| {
        map.retain(|path, _| {
            event(Event::Call);
            path.len() % 2 == 0
        });
    }),
    ("extend", false, |map, other, _| map.extend(other.iter().map(|(path, value)| (path, value.clone())))),
    ("append", false, |map, other, _| map.append(&mut other.clone())),
    ("iter_mut", false, |map, _, _| map.iter_mut().for_each(|(_, value)| *value = Trap::of(2))),
    ("values_mut", false, |map, _, _| map.values_mut().rev().for_each(|value| *value = Trap::of(0))),
    ("into_iter", false, |map, _, _| drop(std::mem::take(map).into_iter().collect::<Vec<_>>())),
    ("into_iter, stopped", false, |map, _, _| {
        drop(std::mem::take(map).into_iter().take(2).collect::<Vec<_>>())
    }),
    ("from_sorted_iter", false, |map, _, _| *map = PathMap::from_sorted_iter(std::mem::take(map))),
    ("collect", false, |map, _, _| *map = std::mem::take(map).into_iter().collect()),
    ("retain_mut", false, |map, _, _| {
        map.retain_mut(|path, value| {
            event(Event::Call);
            *value = Trap::of(1);
            path.len() % 2 == 0
        });
    }),
    ("extract_if", false, |map, _, _| {
        let odd = map.extract_if::<[u8], _, _>(.., |path, _| {
            event(Event::Call);
            path.len() % 2 == 1
        });
        odd.for_each(drop);
    }),
    ("range_mut", false, |map, _, path| {
        map.range_mut::<&[u8], _>(path..).rev().for_each(|(_, value)| *value = Trap::of(2));
    }),
    ("prefix_mut", false, |map, _, path| map.prefix_mut(path).for_each(|(_, value)| *value = Trap::of(2))),
    ("into_keys", false, |map, _, _| drop(std::mem::take(map).into_keys().collect::<Vec<_>>())),
    ("into_values", false, |map, _, _| {
        drop(std::mem::take(map).into_values().rev().take(1).collect::<Vec<_>>())
    }),
    ("split_off_prefix", false, |map, _, path| drop(map.split_off_prefix(&path[..path.len().min(1)]))),
    ("first_entry, remove", true, |map, _, _| drop(map.first_entry().map(|entry| entry.remove_entry()))),
    ("join_into_with", true, |map, other, _| _ = map.join_into_with(other, |a, b| a.pjoin(b))),
    ("^=", true, |map, other, _| *map ^= other),
    ("compare", true, |map, other, _| _ = (&*map == other, (*map).cmp(other), map.is_subset(other))),
    ("hash", true, |map, _, _| map.hash(&mut std::collections::hash_map::DefaultHasher::new())),
    ("clone and drop", true, |map, _, _| *map = map.clone()),
    ("head", true, |map, other, path| {
        let head = map.zipper_head();
        let mut writer = head.write_zipper_at_exclusive_path(path).unwrap();
        writer.graft(&other.read_zipper());
    }),
];

fn map_call(seed: u64, call: &MapCall, panic_at: Option<(Event, usize)>) -> ([usize; 3], bool, Left) {
    let mut scene = Scene::new(seed);
    with_limits(scene.limits, || {
        let &(name, atomic, run) = call;
        let path = {
            let [x, ..] = scene.bytes();
            scene.keys.pick(x)
        };
        let strike = scene.strike();
        let model = &scene.twins[0].model;
        let before = model_content(model, &[]);
        let other = scene.twins[1].real.clone();
        let after = {
            let mut map = rebuilt(model);
            run(&mut map, &other, &path);
            content(map.read_zipper())
        };
        let mut map = scene.twins[0].real.clone();
        OTHERS.set(scene.twins.iter().map(|twin| twin.real.clone()).collect());
        if scene.rng.below(2) == 0 {
            // The only other owner is one that may be dropped during the call.
            scene.twins[0] = Twin::default();
            OTHERS.set(vec![map.clone()]);
        }
        if scene.rng.below(4) == 0 {
            OTHERS.take();
        }
        let sprung = springs(panic_at, strike, || run(&mut map, &other, &path));
        let found = events();
        map.check().unwrap();
        let is = content(map.read_zipper());
        assert!(
            is == after || sprung && (is == before || !atomic),
            "{name} at {path:?} left {is:?}, neither {before:?} nor {after:?}"
        );
        // The map is used further, compared with a model of its content.
        let mut model = NaiveMap::new();
        for (path, value) in is {
            match value {
                Some(value) => drop(model.set(&path, Trap::new(value))),
                None => _ = model.create_path(&path),
            }
        }
        scene.twins[0] = Twin { real: map, model };
        for _ in 0..6 {
            let [kind, x, y] = scene.bytes();
            // No algebra, which takes longest.
            MapOp::decode(kind % 24, x, y, &scene.keys).run(&mut scene.twins);
        }
        scene.twins.iter().for_each(Twin::check);
        OTHERS.take();
        (found, sprung, Left::After)
    })
}

/// Every call of a map that writes.
#[test]
fn a_map_goes_on_after_a_panic() {
    let mut seen = [0; 3];
    for (number, call) in MAP_CALLS.iter().enumerate() {
        for seed in 0..scenes(1_500) / 50 {
            let seed = seed + 10_000 * number as u64;
            let scene = AssertUnwindSafe(|| sweep(|at, _| map_call(seed, call, at), &mut seen));
            if let Err(panic) = catch_unwind(scene) {
                eprintln!("in scene {seed} of {}", call.0);
                TRIGGER.with(|trigger| trigger.live.set(0));
                resume_unwind(panic);
            }
        }
    }
    assert!(seen.iter().all(|&seen| seen > 100) && (STRUCK.get() > 100 || !Mark::ACTIVE), "{seen:?}, {}", STRUCK.get());
}

/// Every call of every zipper that writes.
#[test]
fn a_writer_goes_on_after_a_panic() {
    let mut seen = [0; 3];
    for seed in 0..scenes(1_500) {
        let scene = AssertUnwindSafe(|| sweep(|at, left| writer(seed, at, left), &mut seen));
        if let Err(panic) = catch_unwind(scene) {
            eprintln!("in scene {seed}");
            TRIGGER.with(|trigger| trigger.live.set(0));
            resume_unwind(panic);
        }
    }
    assert!(seen.iter().all(|&seen| seen > 100) && (STRUCK.get() > 100 || !Mark::ACTIVE), "{seen:?}, {}", STRUCK.get());
}
