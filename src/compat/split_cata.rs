//! Closures for folds, made of several functions.

use std::mem;

use crate::bytes::ByteMask;

/// A maker of a closure for side-effect folds from three functions: for tips, for values on the
/// way, and for branches.
///
/// The closure is for
/// [`into_cata_side_effect`](crate::fold::Catamorphism::into_cata_side_effect). New code is
/// shorter with one closure; this type is for code that already has the functions.
///
/// # Examples
/// The sum of all values:
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::morphisms::{Catamorphism, SplitCata};
///
/// let map = PathMap::from([("rom", 1u32), ("romane", 2), ("rubens", 3)]);
/// let tip = |&value: &u32, _: &[u8]| value;
/// let on_the_way = |&value: &u32, below: u32, _: &[u8]| value + below;
/// let branches = |_: &_, below: &mut [u32], _: &[u8]| below.iter().sum();
/// assert_eq!(map.into_cata_side_effect(SplitCata::new(tip, on_the_way, branches)), 6);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SplitCata;

impl SplitCata {
    /// Makes the closure, which calls:
    ///
    /// - `map_f(value, path)` at a value with nothing below it;
    /// - `alg_f(mask, children, path)` at all other locations, including the root of an empty map
    ///   and dangling tips;
    /// - `collapse_f(value, below, path)` after `alg_f`, at a value with something below it.
    #[allow(clippy::new_ret_no_self, reason = "the name in `pathmap` 0.3.5")]
    pub fn new<'a, V, W, MapF, CollapseF, AlgF>(
        mut map_f: MapF,
        mut collapse_f: CollapseF,
        mut alg_f: AlgF,
    ) -> impl FnMut(&ByteMask, &mut [W], Option<&V>, &[u8]) -> W + 'a
    where
        MapF: FnMut(&V, &[u8]) -> W + 'a,
        CollapseF: FnMut(&V, W, &[u8]) -> W + 'a,
        AlgF: FnMut(&ByteMask, &mut [W], &[u8]) -> W + 'a,
    {
        move |mask, children, value, path| match value {
            Some(value) if children.is_empty() => map_f(value, path),
            Some(value) => {
                let below = alg_f(mask, children, path);
                collapse_f(value, below, path)
            }
            None => alg_f(mask, children, path),
        }
    }
}

/// A maker of a closure for jumping side-effect folds from four functions: those of
/// [`SplitCata`], and one for jumps.
///
/// The closure is for
/// [`into_cata_jumping_side_effect`](crate::fold::Catamorphism::into_cata_jumping_side_effect).
/// The fourth function is called with the bytes that were jumped over.
///
/// # Examples
/// The paths, each branch in brackets:
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::morphisms::{Catamorphism, SplitCataJumping};
///
/// let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
/// let map = PathMap::from([("romane", ()), ("romanus", ())]);
/// let told = map.into_cata_jumping_side_effect(SplitCataJumping::new(
///     |_: &(), _: &[u8]| ".".to_string(),
///     |_: &(), below: String, _: &[u8]| format!("!{below}"),
///     |mask: &bytetrie::ByteMask, below: &mut [String], _: &[u8]| {
///         let branches = mask.iter().zip(below).map(|(byte, below)| format!("{}{below}", byte as char));
///         format!("[{}]", branches.collect::<Vec<_>>().join(" "))
///     },
///     |jumped: &[u8], below: String, above: &[u8]| {
///         text(if above.is_empty() { &jumped[1..] } else { jumped }) + &below
///     },
/// ));
/// assert_eq!(told, "[roman[e. us.]]");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SplitCataJumping;

impl SplitCataJumping {
    /// Makes the closure, which calls:
    ///
    /// - `map_f`, `alg_f` and `collapse_f` as in [`SplitCata::new`], except that `alg_f` is not
    ///   called for a single child;
    /// - `jump_f(jumped, below, path)` after them if bytes were jumped over, with those bytes and
    ///   the path above them;
    /// - `alg_f` once more if a jump begins at the empty path. There the first byte is not jumped
    ///   over: `alg_f` is called for the empty path with that byte as its one child, after `jump_f`
    ///   has been called for the other bytes, if there are any.
    #[allow(clippy::new_ret_no_self, reason = "the name in `pathmap` 0.3.5")]
    pub fn new<'a, V, W, MapF, CollapseF, AlgF, JumpF>(
        mut map_f: MapF,
        mut collapse_f: CollapseF,
        mut alg_f: AlgF,
        mut jump_f: JumpF,
    ) -> impl FnMut(&ByteMask, &mut [W], usize, Option<&V>, &[u8]) -> W + 'a
    where
        W: Default,
        MapF: FnMut(&V, &[u8]) -> W + 'a,
        CollapseF: FnMut(&V, W, &[u8]) -> W + 'a,
        AlgF: FnMut(&ByteMask, &mut [W], &[u8]) -> W + 'a,
        JumpF: FnMut(&[u8], W, &[u8]) -> W + 'a,
    {
        move |mask, children, jumped, value, path| {
            let here = match (value, children) {
                (Some(value), []) => map_f(value, path),
                (value, children) => {
                    let below = match children {
                        [only] => mem::take(only),
                        _ => alg_f(mask, children, path),
                    };
                    match value {
                        Some(value) => collapse_f(value, below, path),
                        None => below,
                    }
                }
            };
            let (above, jumped) = path.split_at(path.len() - jumped);
            let Some(&first) = jumped.first() else { return here };
            if !above.is_empty() {
                return jump_f(jumped, here, above);
            }
            let here = if jumped.len() > 1 { jump_f(jumped, here, above) } else { here };
            alg_f(&ByteMask::from(first), &mut [here], above)
        }
    }
}
