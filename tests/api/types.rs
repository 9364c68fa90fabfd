//! The properties of each public type in the type system: auto traits, variance, and drop check.
//!
//! Programs that must *not* compile are in `derive/tests/compile/fail_probes.rs`.

use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::rc::Rc;
use std::sync::MutexGuard;

use bytetrie::algebra::*;
use bytetrie::bytes::*;
use bytetrie::file::*;
use bytetrie::morph::*;
use bytetrie::parallel::*;
use bytetrie::search::*;
use bytetrie::zipper::*;
use bytetrie::*;

/// Resolves to `Yes` for a type that implements the trait, and to `No` otherwise: method lookup
/// prefers the bounded implementation.
macro_rules! is {
    ($type:ty: $bound:path) => {{
        struct Probe<T>(PhantomData<T>);
        #[allow(dead_code)]
        trait No {
            fn answer(&self) -> bool {
                false
            }
        }
        impl<T> No for Probe<T> {}
        #[allow(dead_code)]
        impl<T: $bound> Probe<T> {
            fn answer(&self) -> bool {
                true
            }
        }
        Probe::<$type>(PhantomData).answer()
    }};
}

/// A value that is `Sync` and not `Send`.
#[derive(Clone)]
struct SyncOnly(PhantomData<MutexGuard<'static, u8>>);

/// For each kind of value, the expected `Send`, `Sync`, `Unpin`, `UnwindSafe` and `RefUnwindSafe`.
macro_rules! table {
    ($($expected:literal: $($type:ty);+ ;)*) => {
        $($(
            let found = [
                table!(@ $type, String), // both sent and shared
                table!(@ $type, Rc<u8>), // neither
                table!(@ $type, Cell<u8>), // sent
                table!(@ $type, SyncOnly), // shared
            ];
            assert_eq!(found.join(" "), $expected, "{}", stringify!($type));
        )+)*
    };
    (@ $type:ty, $value:ty) => {{
        type V = $value;
        #[allow(dead_code)]
        type Z = ReadZipperOwned<V>;
        let found = [
            is!($type: Send),
            is!($type: Sync),
            is!($type: Unpin),
            is!($type: UnwindSafe),
            is!($type: RefUnwindSafe),
        ];
        found.map(|has| if has { "1" } else { "0" }).concat()
    }};
}

#[rustfmt::skip]
#[test]
fn auto_traits_of_each_public_type() {
    table! {
        // Owners of shared nodes, like `Arc<V>`. With a value that is a cell, they are not unwind
        // safe.
        "11111 00111 00110 00111": PathMap<V>; IntoIter<V>; IntoValues<V>; IntoKeys<V>; CommitConflict<V>; ReadZipperTracked<'static, 'static, V>; ReadZipperOwned<V>; ReadZipperWitness<V>; WriteZipperTracked<'static, 'static, V>; WriteZipperOwned<V>; TrieRefOwned<V>; OneFactor<Z>; PrefixZipper<'static, Z>; ForkedZipper<Z>; EitherZipper<Z, Z>; ProductZipperWitness<V>; OverlayZipper<V, V, V, Z, Z, for<'a> fn(Option<&'a V>, Option<&'a V>) -> Option<&'a V>>; JoinZipper<V, Z, Z>; AlgebraZipper<V, Z, Z, ()>; MeetZipper<V, Z, Z>; SubtractZipper<V, Z, Z>; RestrictZipper<V, Z, Z>; WalkParallel<'static, V>; TrieBuilder<V, V>; RankIndex<V>; AutomatonZipper<Z, AlwaysMatch>;
        // Readers of borrowed nodes, like `&PathMap<V>`.
        "11111 00111 00100 00111": Iter<'static, V>; Keys<'static, V>; Values<'static, V>; ReadZipperUntracked<'static, 'static, V>; TrieRef<'static, V>; TrieRefBorrowed<'static, V>; ReadZipperIter<'static, 'static, V>; ReadZipperPathIter<'static, 'static, V>; ProductZipperG<'static, Z, Z, V>; DependentProductZipperG<'static, Z, Z, V, (), fn()>; Location<'static, V>; Changes<'static, V>; ChangesIter<'static, V>; Matches<'static, AlwaysMatch, V>; MatchesIter<'static, AlwaysMatch, V>; PrefixesOf<'static, 'static, V>; SharedMap<V>; DurableMap<V>; Snapshot<V>;
        // Writers of borrowed nodes, like `&mut PathMap<V>`.
        "11101 00101 00100 00101": IterMut<'static, V>; ExtractIf<'static, V, fn(&[u8], &mut V) -> bool>; ValuesMut<'static, V>; Entry<'static, V>; OccupiedEntry<'static, V>; VacantEntry<'static, V>; WriteZipperUntracked<'static, 'static, V>; ZipperHead<'static, 'static, V>;
        // Data without values.
        "11111 11111 11111 11111": ByteMask; ByteMaskBinaryFmt; ByteMaskIter; ByteMaskRangeIter; Conflict; ZipperKind; LevenshteinError; formats::EscapeError; AlgebraicStatus; EmptyZipper; Expression<V>; ZipperBuffers; NotInPrefix; WalkState; Walked; Stop; MerkleizeResult; SplitCata; SplitCataJumping; AlwaysMatch; Within; WithinState; OptimalAlignment; OptimalAlignmentState; Levenshtein; LevenshteinState; Damage; Unencodable; Limits; WriterOptions; Kind; Fixed<V>; file::Bytes<V>; Text<V>; Encoded<V>; CommitId; CommitInfo; Durability; NewCommit; Recovery;
        // `std::io::Error` may contain any error, and the file of a store is a trait object.
        "11100 11100 11100 11100": FileError; Commits<'static>; StoreReader<V>; Writer<Vec<u8>, u64>;
        "11100 00100 00100 00100": Store<V>;
        // Readers of the bytes of a file.
        "11111 11111 11111 11111": Data<'static>; PackedWitness<'static>; Packed<'static, V>; PackedZipper<'static, V>; PackedZipperOwned<'static, V>; PackedIter<'static, V>; PackedMatches<'static, AlwaysMatch, V>; PackedPrefixesOf<'static, 'static, V>;
        // Types that contain values, like `V`.
        "11111 00111 10110 01111": AlgebraicResult<V>; Max<V>; Min<V>; Or<V>; And<V>; Sum<V>; Folded<V>; FoldedUp<V>; Str<V>; Subsequence<V>; StartsWith<V>; StartsWithState<V>; Union<V, V>; Intersection<V, V>; Complement<V>; Finished<V>;
        "11111 00111 00100 11111": Change<'static, V>;
        "11111 00111 00111 00111": ZipperHeadOwned<V>; ReadZipperFuture<'static, V>; WriteZipperFuture<'static, V>;
        "11100 11100 11100 11100": PathZipper<'static>;
        "00100 00100 00100 00100": ProductZipper<'static, 'static, V>;
        "11111 00111 10100 01111": Branches<'static, V>;
    }
}

/// Public types that no row above names: parameters of listed types, a type that users cannot
/// hold, and the types of the feature `regex`.
const ELSEWHERE: [&str; 9] = [
    "Meeting",
    "Subtracting",
    "Restricting",
    "Evaluating",
    "OperandZippers",
    "TaskReader",
    "Dfa",
    "DfaState",
    "DfaError",
];

/// Folders of features that are off by default, and of test code.
const FEATURES: [&str; 9] = [
    "testing/",
    "reached.rs",
    "search/fst.rs",
    "node/",
    "random/",
    "viz/",
    "compat/viz_maps.rs",
    "compat/paths_serialization/",
    "parallel/rayon/",
];

#[test]
fn each_public_type_has_a_row() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let own = include_str!("types.rs");
    let words: std::collections::HashSet<&str> =
        own.split(|char: char| !char.is_alphanumeric() && char != '_').collect();
    let (mut todo, mut known) = (vec![source.clone()], 0);
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let name = path.strip_prefix(&source).unwrap().to_str().unwrap().replace('\\', "/");
        if FEATURES.iter().any(|folder| name.starts_with(folder)) || name.ends_with("tests.rs") {
            continue;
        }
        // Every `pub` item can be named by users, because the lint `unreachable_pub` is denied.
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let Some(item) = ["pub struct ", "pub enum "].iter().find_map(|item| line.strip_prefix(item))
            else {
                continue;
            };
            let end = item.find(|char: char| !char.is_alphanumeric()).unwrap_or(item.len());
            let item = &item[..end];
            assert!(words.contains(item) || ELSEWHERE.contains(&item), "{name}: {item} has no probe");
            known += 1;
        }
    }
    assert!(known > 60, "{known}");
}

/// Conversions from a long lifetime to a short one. Each compiles iff the type is covariant.
mod covariant {
    #![allow(dead_code, reason = "that they compile is the test")]

    use bytetrie::parallel::*;
    use bytetrie::search::*;
    use bytetrie::zipper::*;
    use bytetrie::*;

    type Str<'a> = &'a str;
    fn path_map<'s, 'l: 's>(long: PathMap<Str<'l>>) -> PathMap<Str<'s>> {
        long
    }
    fn reader<'s, 'l: 's>(
        long: ReadZipperUntracked<'l, 'l, Str<'l>>,
    ) -> ReadZipperUntracked<'s, 's, Str<'s>> {
        long
    }
    fn reader_owned<'s, 'l: 's>(long: ReadZipperOwned<Str<'l>>) -> ReadZipperOwned<Str<'s>> {
        long
    }
    fn place<'s, 'l: 's>(long: TrieRefBorrowed<'l, Str<'l>>) -> TrieRefBorrowed<'s, Str<'s>> {
        long
    }
    fn iter<'s, 'l: 's>(long: Iter<'l, Str<'l>>) -> Iter<'s, Str<'s>> {
        long
    }
    fn keys<'s, 'l: 's>(long: Keys<'l, Str<'l>>) -> Keys<'s, Str<'s>> {
        long
    }
    fn values<'s, 'l: 's>(long: Values<'l, Str<'l>>) -> Values<'s, Str<'s>> {
        long
    }
    fn into_iter<'s, 'l: 's>(long: IntoIter<Str<'l>>) -> IntoIter<Str<'s>> {
        long
    }
    fn into_keys<'s, 'l: 's>(long: IntoKeys<Str<'l>>) -> IntoKeys<Str<'s>> {
        long
    }
    fn into_values<'s, 'l: 's>(long: IntoValues<Str<'l>>) -> IntoValues<Str<'s>> {
        long
    }
    fn witness<'s, 'l: 's>(long: ReadZipperWitness<Str<'l>>) -> ReadZipperWitness<Str<'s>> {
        long
    }
    fn owned_place<'s, 'l: 's>(long: TrieRefOwned<Str<'l>>) -> TrieRefOwned<Str<'s>> {
        long
    }
    fn prefixed<'s, 'l: 's>(
        long: PrefixZipper<'l, ReadZipperOwned<Str<'l>>>,
    ) -> PrefixZipper<'s, ReadZipperOwned<Str<'s>>> {
        long
    }
    fn one_factor<'s, 'l: 's>(
        long: OneFactor<ReadZipperOwned<Str<'l>>>,
    ) -> OneFactor<ReadZipperOwned<Str<'s>>> {
        long
    }
    fn either<'s, 'l: 's>(
        long: EitherZipper<ReadZipperOwned<Str<'l>>, ReadZipperOwned<Str<'l>>>,
    ) -> EitherZipper<ReadZipperOwned<Str<'s>>, ReadZipperOwned<Str<'s>>> {
        long
    }
    fn changes<'s, 'l: 's>(long: Changes<'l, Str<'l>>) -> Changes<'s, Str<'s>> {
        long
    }
    fn matches<'s, 'l: 's>(long: Matches<'l, AlwaysMatch, Str<'l>>) -> Matches<'s, AlwaysMatch, Str<'s>> {
        long
    }
    fn prefixes<'s, 'l: 's>(long: PrefixesOf<'l, 'l, Str<'l>>) -> PrefixesOf<'s, 's, Str<'s>> {
        long
    }
    fn location<'s, 'l: 's>(long: Location<'l, Str<'l>>) -> Location<'s, Str<'s>> {
        long
    }
    fn ranks<'s, 'l: 's>(long: RankIndex<Str<'l>>) -> RankIndex<Str<'s>> {
        long
    }
    fn conflict<'s, 'l: 's>(long: CommitConflict<Str<'l>>) -> CommitConflict<Str<'s>> {
        long
    }
    fn reader_iter<'s, 'l: 's>(long: ReadZipperIter<'l, 'l, Str<'l>>) -> ReadZipperIter<'s, 's, Str<'s>> {
        long
    }
    fn any_place<'s, 'l: 's>(long: TrieRef<'l, Str<'l>>) -> TrieRef<'s, Str<'s>> {
        long
    }
}

/// A map of borrowed values must not outlive them, and may be dropped in any order that the borrow
/// checker accepts.
#[test]
fn a_map_of_borrowed_values_is_dropped_before_them() {
    let values = [String::from("a"), String::from("b")];
    let mut map: PathMap<&str> = values.iter().map(|value| (value, value.as_str())).collect();
    let copy = map.clone();
    let mut writer = map.write_zipper();
    writer.descend_to("c");
    writer.set_val(&values[0]);
    drop(writer);
    assert_eq!((map.len(), copy.len()), (3, 2));
}

fn send<T: Send>() {}
fn sync<T: Sync>() {}
fn both<T: Send + Sync>() {
    send::<T>();
    sync::<T>();
}

/// Compiles iff the types are those in the documentation.
#[test]
fn what_is_sent_and_shared() {
    type V = String;
    both::<PathMap<V>>();
    both::<(Iter<'_, V>, IterMut<'_, V>, IntoIter<V>, Keys<'_, V>, Values<'_, V>, ValuesMut<'_, V>)>();
    both::<(Entry<'_, V>, OccupiedEntry<'_, V>, VacantEntry<'_, V>)>();
    both::<(ByteMask, Conflict, ZipperKind)>();
    both::<(ReadZipperUntracked<'_, '_, V>, ReadZipperTracked<'_, '_, V>, ReadZipperOwned<V>)>();
    both::<(WriteZipperUntracked<'_, '_, V>, WriteZipperTracked<'_, '_, V>, WriteZipperOwned<V>)>();
    both::<(ZipperHead<'_, '_, V>, ZipperHeadOwned<V>, ReadZipperWitness<V>)>();
    both::<(TrieRef<'_, V>, TrieRefBorrowed<'_, V>, TrieRefOwned<V>)>();
    both::<(ReadZipperIter<'_, '_, V>, ReadZipperPathIter<'_, '_, V>, OwnedZipperIter<V>)>();
    type R<'a> = ReadZipperUntracked<'a, 'a, V>;
    type First = for<'a> fn(Option<&'a V>, Option<&'a V>) -> Option<&'a V>;
    type Next<'a> = fn((), &[u8], usize) -> ((), Option<R<'a>>);
    both::<(
        EmptyZipper,
        PathZipper<'_>,
        ZipperBuffers,
        OneFactor<R<'_>>,
        PrefixZipper<'_, R<'_>>,
        NotInPrefix,
    )>();
    both::<(ProductZipperG<'_, R<'_>, R<'_>, V>, ProductZipperWitness<V>)>();
    both::<DependentProductZipperG<'_, R<'_>, R<'_>, V, (), Next<'_>>>();
    both::<(OverlayZipper<V, V, V, R<'_>, R<'_>, First>, ForkedZipper<R<'_>>, EitherZipper<R<'_>, R<'_>>)>();
    both::<(JoinZipper<V, R<'_>, R<'_>>, MeetZipper<V, R<'_>, R<'_>>)>();
    both::<(SubtractZipper<V, R<'_>, R<'_>>, RestrictZipper<V, R<'_>, R<'_>>)>();
    both::<(WalkParallel<'_, V>, Location<'_, V>, Branches<'_, V>, Folded<V>, FoldedUp<V>)>();
    both::<(WalkState, Walked, Stop)>();
    // Types that are `'static` if the map is.
    fn is_static<T: 'static>() {}
    is_static::<(
        PathMap<V>,
        ReadZipperOwned<V>,
        WriteZipperOwned<V>,
        ZipperHeadOwned<V>,
        ReadZipperWitness<V>,
        WalkParallel<'static, V>,
    )>();
    is_static::<(ReadZipperTracked<'static, 'static, V>, WriteZipperTracked<'static, 'static, V>)>();
}

/// An enum of two zipper types implements the traits that both implement.
#[test]
fn an_enum_of_zippers_has_the_traits_that_its_variants_share() {
    #[derive(PolyZipper)]
    #[poly_zipper(forking)]
    #[allow(dead_code)]
    enum Kinds {
        Map(ReadZipperOwned<u64>),
        Nothing(EmptyZipper),
    }
    assert!(is!(ReadZipperOwned<u64>: ZipperSubtries<u64>) && !is!(EmptyZipper: ZipperSubtries<u64>));
    assert!(!is!(Kinds: ZipperSubtries<u64>) && !is!(Kinds: ZipperReadOnlySubtries<'static, u64>));
    assert!(!is!(Kinds: ZipperReadOnlyValues<'static, u64>) && !is!(Kinds: ZipperProduct));
    assert!(is!(Kinds: ZipperForking<u64>) && is!(Kinds: ZipperIteration) && is!(Kinds: ZipperPathBuffer));
    assert!(is!(Kinds: ZipperReadOnlyConditionalIteration<'static, u64>) && is!(Kinds: ZipperConcrete));
}

#[test]
fn values_of_one_thread_make_maps_of_one_thread() {
    type R = Rc<u8>;
    assert!(is!(PathMap<u8>: Send) && is!(PathMap<u8>: Sync));
    assert!(!is!(PathMap<R>: Send) && !is!(PathMap<R>: Sync));
    assert!(
        !is!(ReadZipperOwned<R>: Send) && !is!(WriteZipperOwned<R>: Send) && !is!(ReadZipperWitness<R>: Send)
    );
    assert!(
        !is!(ReadZipperUntracked<'static, 'static, R>: Send)
            && !is!(WriteZipperUntracked<'static, 'static, R>: Send)
    );
    assert!(
        !is!(ReadZipperTracked<'static, 'static, R>: Send)
            && !is!(WriteZipperTracked<'static, 'static, R>: Send)
    );
    type Z = ReadZipperOwned<R>;
    assert!(!is!(ProductZipperG<'static, Z, Z, R>: Send) && !is!(JoinZipper<R, Z, Z>: Send));
    assert!(!is!(MeetZipper<R, Z, Z>: Sync) && !is!(PrefixZipper<'static, Z>: Send));
    // The type contains zippers without a `Send` bound.
    assert!(!is!(ProductZipper<'static, 'static, u8>: Send));
    assert!(!is!(ZipperHead<'static, 'static, R>: Sync) && !is!(ZipperHeadOwned<R>: Sync));
    assert!(!is!(IterMut<'static, R>: Send) && !is!(TrieRefOwned<R>: Sync));
    // If a value is `Send` but not `Sync`, the map is neither, since its nodes may have owners on
    // other threads.
    type C = std::cell::Cell<u8>;
    assert!(!is!(PathMap<C>: Send) && !is!(PathMap<C>: Sync) && !is!(ZipperHeadOwned<C>: Sync));

    let value = Rc::new(5);
    let mut map: PathMap<R> = (0..100u8).map(|i| ([i, i], value.clone())).collect();
    let copy = map.clone();
    map.remove([3, 3]);
    assert_eq!(copy.len(), 100);
    let head = map.zipper_head();
    let mut writer = head.write_zipper_at_exclusive_path([4]).unwrap();
    writer.remove_branches(true);
    drop(writer);
    drop(head);
    assert_eq!(map.len(), 98);
    drop((map, copy));
    assert_eq!(Rc::strong_count(&value), 1);
}
