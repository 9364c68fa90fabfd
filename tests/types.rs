//! Which types may be sent to other threads and shared with them.

use std::rc::Rc;

use bytetrie::parallel::*;
use bytetrie::zipper::*;
use bytetrie::{
    ByteMask, Conflict, Entry, IntoIter, Iter, IterMut, Keys, OccupiedEntry, PathMap, VacantEntry, Values,
    ValuesMut, ZipperKind,
};

fn send<T: Send>() {}
fn sync<T: Sync>() {}
fn both<T: Send + Sync>() {
    send::<T>();
    sync::<T>();
}

/// Compiles iff the types are what the documentation says.
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
    both::<(EmptyZipper, OneFactor<R<'_>>, PrefixZipper<'_, R<'_>>, NotInPrefix)>();
    both::<(ProductZipperG<'_, R<'_>, R<'_>, V>, ProductZipperWitness<V>)>();
    both::<DependentProductZipperG<'_, R<'_>, R<'_>, V, (), Next<'_>>>();
    both::<(OverlayZipper<V, V, V, R<'_>, R<'_>, First>, ForkedZipper<R<'_>>, EitherZipper<R<'_>, R<'_>>)>();
    both::<(JoinZipper<V, R<'_>, R<'_>>, MeetZipper<V, R<'_>, R<'_>>)>();
    both::<(SubtractZipper<V, R<'_>, R<'_>>, RestrictZipper<V, R<'_>, R<'_>>)>();
    both::<(WalkParallel<'_, V>, Location<'_, V>, Branches<'_, V>, Folded<V>, FoldedUp<V>)>();
    both::<(WalkState, Walked, Stop)>();
    // What is 'static where the map is.
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

/// Resolves to `Yes` for a type that has the trait, and to `No` for others: method lookup takes the bounded one first.
macro_rules! is {
    ($type:ty: $bound:path) => {{
        struct Probe<T>(std::marker::PhantomData<T>);
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
        Probe::<$type>(std::marker::PhantomData).answer()
    }};
}

/// An enum of two kinds: it has what both have, and nothing else.
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
    // It holds zippers of which nobody says that they may be sent.
    assert!(!is!(ProductZipper<'static, 'static, u8>: Send));
    assert!(!is!(ZipperHead<'static, 'static, R>: Sync) && !is!(ZipperHeadOwned<R>: Sync));
    assert!(!is!(IterMut<'static, R>: Send) && !is!(TrieRefOwned<R>: Sync));
    // A value that may be sent but not shared makes a map that can be neither: a node may have owners elsewhere.
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
