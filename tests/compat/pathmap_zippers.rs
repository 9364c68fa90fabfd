//! Programs with virtual zippers, written with the names of `pathmap` 0.3.5. Without the line that
//! renames this crate, the file also compiles with that crate, but not all assertions hold there.

use bytetrie as pathmap;

use std::borrow::Cow;

use pathmap::PathMap;
use pathmap::utils::ByteMask;
use pathmap::zipper::{
    DependentProductZipperG, EmptyZipper, OneFactor, OverlayZipper, PolyZipper, PolyZipperExplicit,
    PrefixZipper, ProductZipper, ProductZipperG, ReadZipperOwned, ReadZipperTracked, ReadZipperUntracked,
    Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperCreation, ZipperForking, ZipperInfallibleSubtries,
    ZipperIteration, ZipperMoving, ZipperPathBuffer, ZipperProduct, ZipperReadOnlyConditionalIteration,
    ZipperReadOnlyConditionalValues, ZipperReadOnlySubtries, ZipperReadOnlyValues, ZipperSubtries,
    ZipperValues,
};

/// Generic over the factors of a product, with that crate's bounds.
fn product<'f, 't, P, O, V>(primary: P, others: impl IntoIterator<Item = O>) -> ProductZipper<'f, 't, V>
where
    V: Clone + Send + Sync + Unpin + 't,
    P: ZipperMoving + ZipperReadOnlySubtries<'t, V> + 'f,
    O: ZipperSubtries<V> + 'f,
{
    let mut product = ProductZipper::new_with_primary(primary);
    product.new_factors(others);
    product
}

/// Returns the paths below the root, found by steps.
fn steps<Z: ZipperMoving + ZipperIteration>(z: &mut Z) -> Vec<Vec<u8>> {
    let mut steps = Vec::new();
    z.reset();
    while z.to_next_step() {
        steps.push(z.path().to_vec());
    }
    steps
}

fn map(paths: &[&str]) -> PathMap<u64> {
    paths.iter().zip(0..).map(|(path, i)| (path.as_bytes(), i)).collect()
}

#[test]
fn products() {
    let (a, b) = (map(&["a", "b"]), map(&["x", "yy"]));
    let mut z = product(a.read_zipper(), [b.read_zipper()]);
    assert_eq!(steps(&mut z).len(), 2 + 2 * 3);
    z.move_to_path(b"ay");
    assert_eq!((z.focus_factor(), z.factor_count(), z.path_indices()), (1, 2, &[1usize][..]));
    assert_eq!((z.child_mask(), z.val()), (ByteMask::from(b'y'), None));
    let witness = z.witness();
    assert!(z.descend_to_existing_byte(b'y'));
    assert_eq!(z.get_val_with_witness(&witness), Some(&1));

    let (owned, head) = (a.clone().into_read_zipper(b""), b.clone().into_zipper_head(b""));
    let mut z = product(owned, [head.read_zipper_at_path(b"y").unwrap()]);
    assert_eq!(steps(&mut z), [&b"a"[..], b"ay", b"b", b"by"]);

    let mut z = product(PrefixZipper::new(b"pre-", a.read_zipper()), [b.trie_ref_at_path(b"")]);
    assert!(z.descend_to_check(b"pre-bx"));
    assert_eq!(z.path_indices(), &[5]);

    let mut z = ProductZipperG::new(a.read_zipper(), [b.read_zipper(), a.read_zipper()]);
    z.reserve_buffers(64, 8);
    assert!(z.to_next_val() && z.get_val() == Some(&0));
    assert!(z.descend_to_existing(b"yyab") == 3 && z.get_val() == Some(&0) && !z.is_shared());

    let single = OneFactor::new(a.read_zipper());
    assert_eq!((single.factor_count(), single.focus_factor(), single.path_indices().len()), (1, 0, 0));
}

#[test]
fn dependent_products() {
    let (a, b) = (map(&["a", "b"]), map(&["x", "yy"]));
    let mut z =
        DependentProductZipperG::new_enroll(a.read_zipper(), 0usize, |calls, path: &[u8], factors| {
            let next = (factors == 0 && path == b"b").then(|| b.read_zipper());
            (calls + 1, next)
        });
    assert_eq!(steps(&mut z), [&b"a"[..], b"b", b"bx", b"by", b"byy"]);
    z.descend_to(b"byy");
    assert_eq!((z.focus_factor(), z.path_indices()), (1, &[1usize][..]));
    assert!(!z.native_subtries() && z.try_make_map().is_none() && z.trie_ref().is_none());
}

#[test]
fn prefixes_overlays_and_nothing() -> Result<(), Box<dyn std::error::Error>> {
    let (a, b) = (map(&["a", "b"]), map(&["b", "c"]));
    let mut z = PrefixZipper::new(Cow::Borrowed(&b"pre/fix/"[..]), a.read_zipper()).with_origin(b"pre/")?;
    z.set_root_prefix_path(b"pre/")?;
    assert_eq!((z.root_prefix_path(), z.prefix_path_below_focus()), (&b"pre/"[..], Some(&b"fix/"[..])));
    z.descend_to(b"fix/b");
    assert_eq!((z.origin_path(), z.val()), (&b"pre/fix/b"[..], Some(&1)));
    assert_eq!(z.fork_read_zipper().get_val(), Some(&1));
    assert_eq!(z.make_map().val_count(), 1);

    let mut z = OverlayZipper::new(a.read_zipper(), b.read_zipper());
    assert_eq!(steps(&mut z), [b"a", b"b", b"c"]);
    fn second<'v>(_: Option<&'v u64>, b: Option<&'v u64>) -> Option<&'v u64> {
        b
    }
    let z = OverlayZipper::with_mapping(a.read_zipper(), b.read_zipper(), second);
    assert_eq!((z.val_at(b"a"), z.val_at(b"b")), (None, Some(&0)));

    let mut z = EmptyZipper::new_at_path(b"nowhere");
    assert_eq!((steps(&mut z).len(), z.origin_path()), (0, &b"nowhere"[..]));
    Ok(())
}

#[derive(PolyZipper)]
enum MyPolyZipper<'trie, 'path, V: Clone + Send + Sync + Unpin = ()> {
    Tracked(ReadZipperTracked<'trie, 'path, V>),
    Untracked(ReadZipperUntracked<'trie, 'path, V>),
}

/// That crate's macro does not implement forking.
impl<'trie, 'path, V: Clone + Send + Sync + Unpin> ZipperForking<V> for MyPolyZipper<'trie, 'path, V> {
    type ReadZipperT<'a>
        = ReadZipperUntracked<'a, 'a, V>
    where
        Self: 'a;

    fn fork_read_zipper<'a>(&'a self) -> Self::ReadZipperT<'a> {
        match self {
            Self::Tracked(z) => z.fork_read_zipper(),
            Self::Untracked(z) => z.fork_read_zipper(),
        }
    }
}

// That crate does not require `Clone`. This one does, to count the values.
#[derive(Clone, PolyZipperExplicit)]
#[poly_zipper_explicit(traits(Zipper, ZipperValues, ZipperMoving, ZipperIteration))]
#[allow(clippy::type_complexity, reason = "a program as it is found")]
enum ExprFactor<'trie, V: Clone + Send + Sync + Unpin + 'static = ()> {
    Specific(ReadZipperOwned<V>),
    Generic(
        PrefixZipper<
            'trie,
            DependentProductZipperG<
                'trie,
                Box<ExprFactor<'trie, V>>,
                ExprFactor<'trie, V>,
                V,
                (),
                for<'a> fn((), &'a [u8], usize) -> ((), Option<ExprFactor<'trie, V>>),
            >,
        >,
    ),
}

#[test]
fn enums_of_zippers() {
    let mut a = map(&["a", "ab"]);
    {
        let z: MyPolyZipper<'_, '_, u64> = a.read_zipper().into();
        assert_eq!((z.fork_read_zipper().val_count(), z.is_shared()), (2, false));
    }
    let head = a.zipper_head();
    let mut z = MyPolyZipper::Tracked(head.read_zipper_at_path(b"a").unwrap());
    let witness = z.witness();
    assert_eq!(z.to_next_get_val_with_witness(&witness), Some(&1));
    assert!(matches!(ReadZipperTracked::try_from(z), Ok(z) if z.path() == b"b"));

    fn next<'t>((): (), path: &[u8], factors: usize) -> ((), Option<ExprFactor<'t, u64>>) {
        let next = map(&[std::str::from_utf8(&path[..1]).unwrap()]).into_read_zipper(b"");
        ((), (factors == 0).then_some(ExprFactor::Specific(next)))
    }
    let primary = Box::new(ExprFactor::Specific(map(&["a", "b"]).into_read_zipper(b"")));
    let dependent = DependentProductZipperG::new_enroll(primary, (), next as for<'a> fn(_, &'a [u8], _) -> _);
    let mut z = ExprFactor::Generic(PrefixZipper::new(b"p", dependent));
    assert_eq!(steps(&mut z), [&b"p"[..], b"pa", b"paa", b"pb", b"pbb"]);
}
