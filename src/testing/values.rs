//! Values that observe the code which holds them: counted, fragile, aligned, large, and
//! zero-sized.
//!
//! All except [`Counted`] and [`Fragile`] implement `From<u8>`, like `u64`, so that one test can
//! be stamped onto many types. Those two are made by the handle that observes them, a [`Census`]
//! or a [`Fuse`], which belongs to one test, so concurrent tests do not interfere.

use std::any::Any;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering::SeqCst};

/// Counts the values that were made from it: how many were made, cloned and dropped.
///
/// Clones of the handle share one census.
///
/// ```
/// use bytetrie::testing::values::Census;
///
/// let census = Census::new();
/// let value = census.counted(7);
/// let copy = value.clone();
/// drop(value);
/// assert_eq!((census.clones(), census.drops(), census.live()), (1, 1, 1));
/// drop(copy);
/// assert_eq!(census.live(), 0);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Census(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    made: AtomicUsize,
    clones: AtomicUsize,
    drops: AtomicUsize,
}

impl Census {
    /// A census of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new value, counted here.
    pub fn counted(&self, number: u8) -> Counted {
        self.0.made.fetch_add(1, SeqCst);
        Counted { number, census: self.clone() }
    }

    /// The number of values that were made, not counting clones.
    pub fn made(&self) -> usize {
        self.0.made.load(SeqCst)
    }

    /// The number of values that were made by `clone`.
    pub fn clones(&self) -> usize {
        self.0.clones.load(SeqCst)
    }

    /// The number of values that were dropped.
    pub fn drops(&self) -> usize {
        self.0.drops.load(SeqCst)
    }

    /// The number of live values: above 0 at the end of a test if some leaked, below 0 if some
    /// were dropped twice.
    pub fn live(&self) -> isize {
        // All three counts fit: no test runs long enough to pass `isize::MAX`.
        (self.made() + self.clones()) as isize - self.drops() as isize
    }
}

/// A value whose making, clones and drops are counted in a [`Census`].
///
/// It compares and hashes by its number alone.
pub struct Counted {
    number: u8,
    census: Census,
}

impl Counted {
    /// The number by which values compare.
    pub fn number(&self) -> u8 {
        self.number
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.census.0.clones.fetch_add(1, SeqCst);
        Self { number: self.number, census: self.census.clone() }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.census.0.drops.fetch_add(1, SeqCst);
    }
}

/// What can break a [`Fragile`] value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// It is cloned.
    Clone,
    /// It is dropped.
    Drop,
    /// A method or a closure of the test, such as a lattice's join, calls [`Fuse::call`] or
    /// [`Fragile::call`].
    Call,
}

impl Event {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The payload with which a [`Fuse`] panics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blown(pub Event);

impl fmt::Display for Blown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a fragile value broke at {:?}", self.0)
    }
}

impl std::error::Error for Blown {}

/// Makes [`Fragile`] values, one of which panics at an event that is counted in advance.
///
/// Clones of the handle share one fuse. It blows at most once each time it is armed, and never in
/// a thread that is already panicking, which would abort the process. It unwinds with a [`Blown`]
/// and without the panic hook, so a test that breaks a thousand values prints nothing. Run the
/// code under test in [`Fuse::catch`].
///
/// ```
/// use bytetrie::testing::values::{Blown, Event, Fuse};
///
/// let fuse = Fuse::new();
/// let values = [fuse.fragile(1), fuse.fragile(2), fuse.fragile(3)];
/// fuse.arm(&[Event::Clone], 2);
/// assert_eq!(fuse.catch(|| values.clone()), Err(Blown(Event::Clone)));
/// assert_eq!(fuse.catch(|| values.clone()).as_ref(), Ok(&values));
/// drop(values);
/// assert_eq!(fuse.census().live(), 0);
/// ```
#[derive(Clone, Debug)]
pub struct Fuse {
    state: Arc<FuseState>,
    census: Census,
}

#[derive(Debug)]
struct FuseState {
    // The number of events that still pass, or `DISARMED`.
    spare: AtomicUsize,
    // The bits of the events that count.
    events: AtomicU8,
}

const DISARMED: usize = usize::MAX;

impl Fuse {
    /// Makes a fuse that is not armed.
    pub fn new() -> Self {
        let state = FuseState { spare: AtomicUsize::new(DISARMED), events: AtomicU8::new(0) };
        Self { state: Arc::new(state), census: Census::new() }
    }

    /// A new value that breaks with this fuse.
    pub fn fragile(&self, number: u8) -> Fragile {
        Fragile { counted: self.census.counted(number), fuse: self.clone() }
    }

    /// Lets `spare` of these events pass; the next one panics. This replaces an earlier call.
    pub fn arm(&self, events: &[Event], spare: usize) {
        self.disarm();
        self.state.events.store(events.iter().fold(0, |bits, event| bits | event.bit()), SeqCst);
        self.state.spare.store(spare, SeqCst);
    }

    /// Lets all events pass from now on; returns whether the fuse was armed, so had not blown.
    pub fn disarm(&self) -> bool {
        self.state.spare.swap(DISARMED, SeqCst) != DISARMED
    }

    /// True iff a later event will panic.
    pub fn is_armed(&self) -> bool {
        self.state.spare.load(SeqCst) != DISARMED
    }

    /// The count of the values made from this fuse.
    pub fn census(&self) -> &Census {
        &self.census
    }

    /// Counts an event of the test itself, such as a call of its closure.
    ///
    /// # Panics
    /// Panics if the fuse is armed for [`Event::Call`] and this event is the one that breaks.
    pub fn call(&self) {
        self.burn(Event::Call);
    }

    /// Runs `work`, and returns `Err` iff a fuse blew in it. Disarms this fuse afterwards in any
    /// case.
    ///
    /// # Panics
    /// Panics if `work` panics with anything except a [`Blown`].
    pub fn catch<R>(&self, work: impl FnOnce() -> R) -> Result<R, Blown> {
        let outcome = catch_unwind(AssertUnwindSafe(work));
        self.disarm();
        outcome.map_err(|panic: Box<dyn Any + Send>| match panic.downcast::<Blown>() {
            Ok(blown) => *blown,
            Err(other) => resume_unwind(other),
        })
    }

    fn burn(&self, event: Event) {
        if self.state.events.load(SeqCst) & event.bit() == 0 || std::thread::panicking() {
            return;
        }
        let before = self.state.spare.fetch_update(SeqCst, SeqCst, |spare| match spare {
            DISARMED => None,
            0 => Some(DISARMED),
            _ => Some(spare - 1),
        });
        if before == Ok(0) {
            resume_unwind(Box::new(Blown(event)));
        }
    }
}

impl Default for Fuse {
    fn default() -> Self {
        Self::new()
    }
}

/// A value whose clone or drop panics when its [`Fuse`] blows.
///
/// A clone that panics makes no value, and a drop that panics has dropped its value; the
/// [`Census`] of the fuse counts them so. It compares and hashes by its number alone.
pub struct Fragile {
    counted: Counted,
    fuse: Fuse,
}

impl Fragile {
    /// The number by which values compare.
    pub fn number(&self) -> u8 {
        self.counted.number
    }

    /// Calls [`Fuse::call`] of its fuse.
    ///
    /// # Panics
    /// Panics if the fuse is armed for [`Event::Call`] and this event is the one that breaks.
    pub fn call(&self) {
        self.fuse.call();
    }
}

impl Clone for Fragile {
    fn clone(&self) -> Self {
        self.fuse.burn(Event::Clone);
        Self { counted: self.counted.clone(), fuse: self.fuse.clone() }
    }
}

impl Drop for Fragile {
    fn drop(&mut self) {
        // Unwinding drops the fields too, and so counts the value as dropped.
        self.fuse.burn(Event::Drop);
    }
}

macro_rules! by_number {
    ($($type:ident),*) => {
        $(
            impl fmt::Debug for $type {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_tuple(stringify!($type)).field(&self.number()).finish()
                }
            }

            impl PartialEq for $type {
                fn eq(&self, other: &Self) -> bool {
                    self.number() == other.number()
                }
            }

            impl Eq for $type {}

            impl PartialOrd for $type {
                fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                    Some(self.cmp(other))
                }
            }

            impl Ord for $type {
                fn cmp(&self, other: &Self) -> Ordering {
                    self.number().cmp(&other.number())
                }
            }

            impl Hash for $type {
                fn hash<H: Hasher>(&self, state: &mut H) {
                    self.number().hash(state);
                }
            }
        )*
    };
}

by_number!(Counted, Fragile);

/// A byte aligned to 16.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(align(16))]
pub struct Aligned16(pub u8);

/// A byte aligned to 32.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(align(32))]
pub struct Aligned32(pub u8);

/// A value of 72 bytes with different words: a torn copy equals no value that was made from a
/// byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Big(pub [u64; 9]);

/// A zero-sized value that is not `()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zst;

/// A zero-sized value aligned to 16.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(align(16))]
pub struct AlignedZst;

impl From<u8> for Aligned16 {
    fn from(number: u8) -> Self {
        Self(number)
    }
}

impl From<u8> for Aligned32 {
    fn from(number: u8) -> Self {
        Self(number)
    }
}

impl From<u8> for Big {
    fn from(number: u8) -> Self {
        let mut words = [0; 9];
        for (word, place) in words.iter_mut().zip(0..) {
            *word = u64::from_be_bytes([number; 8]) ^ place;
        }
        Self(words)
    }
}

impl From<u8> for Zst {
    /// Returns the only value, for all numbers.
    fn from(_: u8) -> Self {
        Self
    }
}

impl From<u8> for AlignedZst {
    /// Returns the only value, for all numbers.
    fn from(_: u8) -> Self {
        Self
    }
}

/// True iff the address of the value has the alignment of its type.
///
/// A reference guarantees that; this checks it, to catch code that breaks the guarantee.
pub fn is_aligned<T>(value: &T) -> bool {
    // The optimizer must not see this: it would derive the answer from the guarantee.
    let address = black_box(ptr::from_ref(value).addr());
    address.is_multiple_of(align_of::<T>())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

    use super::*;

    #[test]
    fn a_census_counts_every_making_and_end() {
        let census = Census::new();
        let values = Vec::from_iter((0..5).map(|number| census.counted(number)));
        assert_eq!((census.made(), census.clones(), census.drops(), census.live()), (5, 0, 0, 5));
        let copies = values.clone();
        assert_eq!(copies, values);
        drop(values);
        assert_eq!((census.made(), census.clones(), census.drops(), census.live()), (5, 5, 5, 5));
        std::mem::forget(copies);
        assert_eq!(census.live(), 5);
    }

    #[test]
    fn a_census_is_shared_with_other_threads_and_no_other_test() {
        let (census, other) = (Census::new(), Census::new());
        let value = census.counted(1);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..100).for_each(|_| drop(value.clone())));
            }
        });
        assert_eq!((census.clones(), census.drops(), census.live()), (400, 400, 1));
        assert_eq!((other.clones(), other.live()), (0, 0));
    }

    #[test]
    fn watched_values_compare_by_number() {
        let (census, fuse) = (Census::new(), Fuse::new());
        assert!(census.counted(3) < census.counted(4) && fuse.fragile(3) < fuse.fragile(4));
        assert!(census.counted(3) == Census::new().counted(3) && fuse.fragile(3) != fuse.fragile(4));
        let hash = |number| BuildHasherDefault::<DefaultHasher>::default().hash_one(census.counted(number));
        assert!(hash(1) == hash(1) && hash(1) != hash(2));
        assert_eq!(format!("{:?} {:?}", census.counted(5), fuse.fragile(6)), "Counted(5) Fragile(6)");
    }

    #[test]
    fn a_fuse_blows_at_the_event_it_was_armed_for() {
        for spare in 0..6 {
            let fuse = Fuse::new();
            let values = Vec::from_iter((0..4).map(|number| fuse.fragile(number)));
            fuse.arm(&[Event::Clone], spare);
            let copy = fuse.catch(|| values.clone());
            // Half of a copy is dropped again while it unwinds.
            assert_eq!(copy.is_err(), spare < 4);
            assert_eq!(fuse.census().clones(), spare.min(4));
            assert!(!fuse.is_armed());
            drop((copy, values));
            assert_eq!(fuse.census().live(), 0);
        }
    }

    #[test]
    fn a_drop_that_panics_has_dropped() {
        for spare in 0..6 {
            let fuse = Fuse::new();
            let values = Vec::from_iter((0..4).map(|number| fuse.fragile(number)));
            fuse.arm(&[Event::Clone, Event::Drop], spare);
            let outcome = fuse.catch(|| drop(values));
            assert_eq!(outcome, if spare < 4 { Err(Blown(Event::Drop)) } else { Ok(()) });
            assert_eq!(fuse.census().live(), 0);
        }
    }

    #[test]
    fn only_the_armed_events_count() {
        let fuse = Fuse::new();
        let value = fuse.fragile(0);
        fuse.arm(&[Event::Call], 1);
        drop(value.clone());
        value.call();
        assert!(fuse.is_armed());
        assert_eq!(fuse.catch(|| value.call()), Err(Blown(Event::Call)));
        value.call();
        fuse.arm(&[Event::Drop], 0);
        assert!(fuse.disarm() && !fuse.disarm());
        drop(value);
        assert_eq!(fuse.census().live(), 0);
    }

    #[test]
    fn nothing_breaks_while_a_panic_unwinds() {
        let fuse = Fuse::new();
        let other = Fuse::new();
        let (value, bystander) = (fuse.fragile(0), other.fragile(1));
        fuse.arm(&[Event::Clone], 0);
        other.arm(&[Event::Clone, Event::Drop], 0);
        // The bystander is dropped by the unwinding: a second panic there would abort this
        // process.
        let outcome = fuse.catch(|| {
            let _bystander = bystander;
            value.clone()
        });
        assert_eq!(outcome, Err(Blown(Event::Clone)));
        assert!(other.is_armed());
        assert_eq!(other.census().live(), 0);
    }

    #[test]
    fn a_fuse_blows_once() {
        let fuse = Fuse::new();
        let value = fuse.fragile(0);
        fuse.arm(&[Event::Clone, Event::Call], 0);
        let panic = catch_unwind(AssertUnwindSafe(|| value.clone())).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&Blown(Event::Clone)));
        assert!(!fuse.is_armed());
        value.call();
        assert_eq!(value.clone(), value);
    }

    #[test]
    fn other_panics_pass_through() {
        let fuse = Fuse::new();
        fuse.arm(&[Event::Drop], 9);
        let outcome = catch_unwind(|| fuse.catch(|| resume_unwind(Box::new("another"))));
        assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&"another"));
        assert!(!fuse.is_armed());
    }

    #[test]
    fn plain_values_are_as_big_and_aligned_as_they_say() {
        assert_eq!((size_of::<Aligned16>(), align_of::<Aligned16>()), (16, 16));
        assert_eq!((size_of::<Aligned32>(), align_of::<Aligned32>()), (32, 32));
        assert_eq!((size_of::<Zst>(), align_of::<Zst>()), (0, 1));
        assert_eq!((size_of::<AlignedZst>(), align_of::<AlignedZst>()), (0, 16));
        assert_eq!(size_of::<Big>(), 72);
        assert!(is_aligned(&Aligned16(1)) && is_aligned(&Aligned32(1)) && is_aligned(&AlignedZst));
        assert_eq!((Aligned16::from(5).0, Aligned32::from(6).0), (5, 6));
        assert_eq!((Zst::from(1), AlignedZst::from(1)), (Zst::from(2), AlignedZst::from(2)));
        let bigs = HashSet::from([0, 1, 2, 255].map(Big::from));
        assert_eq!(bigs.len(), 4);
        assert!(bigs.iter().all(|big| HashSet::from(big.0).len() == 9));
    }
}
