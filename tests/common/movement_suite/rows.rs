//! The cases of each row of the movement table, with its edges: at the root, at an absent focus,
//! below an absent root, at a dangling tip, at a value, and with operands that are zero or too
//! large.

use super::{Case, Move, Scene};
use bytetrie::testing::ops::Answer::{self, Bool, Count, Nothing};

/// A scene, and the expected results of calls in it.
pub(crate) type Row = Vec<(Scene, Vec<Case>)>;

const YES: Answer = Bool(true);
const NO: Answer = Bool(false);

/// The standard scene: values on a path, a branch, a dangling chain, one long edge.
pub(crate) fn standard(root: &[u8]) -> Scene {
    Scene::new(&["ab", "abcde", "abcxy", "b", "ba", "long-edge-to-a-value"], &["dtip"], root)
}

/// The standard scene with a value at the empty path.
fn valued_root() -> Scene {
    Scene::new(&["", "ab", "c"], &["d"], b"")
}

/// All 256 bytes below `w`, and some locations below one of them.
pub(crate) fn wide(root: &[u8]) -> Scene {
    let mut valued: Vec<Vec<u8>> = (0..=255).map(|byte| vec![b'w', byte]).collect();
    valued.extend([b"w\x07a".to_vec(), b"w\x07bc".to_vec(), b"x".to_vec()]);
    Scene::new(&valued, &[b"w\x07d".to_vec()], root)
}

/// Edges longer than one entry of a node may be, with a branch deep inside.
pub(crate) fn long(root: &[u8]) -> Scene {
    let edge = |len: usize, tail: &str| [vec![b'e'; len], tail.as_bytes().to_vec()].concat();
    Scene::new(&[edge(5_000, "a"), edge(5_000, "b"), edge(3_003, "x")], &[edge(1_000, "tip")], root)
}

fn cases<A: AsRef<[u8]>, B: AsRef<[u8]>>(list: Vec<(A, Move, Answer, B)>) -> Vec<Case> {
    let case = |(at, call, answer, after): (A, Move, Answer, B)| {
        let (at, after) = (at.as_ref().to_vec(), after.as_ref().to_vec());
        Case { at, call, answer, after }
    };
    list.into_iter().map(case).collect()
}

/// One call in the standard scene, from several places.
fn from_each(call: impl Fn() -> Move, list: &[(&str, Answer, &str)]) -> Vec<Case> {
    cases(list.iter().map(|&(at, answer, after)| (at, call(), answer, after)).collect())
}

/// Calls with an operand.
fn with_operands<T: Copy>(call: impl Fn(T) -> Move, list: &[(&str, T, Answer, &str)]) -> Vec<Case> {
    cases(list.iter().map(|&(at, operand, answer, after)| (at, call(operand), answer, after)).collect())
}

fn path(call: fn(Vec<u8>) -> Move) -> impl Fn(&str) -> Move {
    move |k| call(k.as_bytes().to_vec())
}

pub(crate) fn reset() -> Row {
    let list =
        from_each(|| Move::Reset, &[("", Nothing, ""), ("abcd", Nothing, ""), ("absent", Nothing, "")]);
    vec![(standard(b""), list.clone()), (standard(b"ab"), list.clone()), (standard(b"zz"), list)]
}

pub(crate) fn descend_to() -> Row {
    let list = [("", "", Nothing, ""), ("", "abc", Nothing, "abc"), ("ab", "zz", Nothing, "abzz")];
    let list = with_operands(path(Move::DescendTo), &list);
    vec![(standard(b""), list.clone()), (standard(b"zz"), list)]
}

pub(crate) fn descend_to_check() -> Row {
    let call = path(Move::DescendToCheck);
    let list = [
        ("", "", YES, ""),
        ("", "abc", YES, "abc"),
        ("ab", "zz", NO, "abzz"),
        ("zz", "", NO, "zz"),
        ("d", "tip", YES, "dtip"),
        ("d", "tips", NO, "dtips"),
        ("", "long-edge", YES, "long-edge"),
        ("", "long-hedge", NO, "long-hedge"),
    ];
    let absent = [("", "", NO, ""), ("", "a", NO, "a")];
    vec![(standard(b""), with_operands(&call, &list)), (standard(b"zz"), with_operands(&call, &absent))]
}

pub(crate) fn descend_to_existing() -> Row {
    let call = path(Move::DescendToExisting);
    let list = [
        ("", "", Count(0), ""),
        ("", "abcde", Count(5), "abcde"),
        ("", "abcdz", Count(4), "abcd"),
        ("ab", "zz", Count(0), "ab"),
        ("zz", "a", Count(0), "zz"),
        ("", "long-edgy", Count(8), "long-edg"),
        ("", "dtips", Count(4), "dtip"),
        ("abcde", "f", Count(0), "abcde"),
    ];
    let absent = [("", "", Count(0), ""), ("", "ab", Count(0), "")];
    vec![(standard(b""), with_operands(&call, &list)), (standard(b"zz"), with_operands(&call, &absent))]
}

pub(crate) fn descend_to_val() -> Row {
    let call = path(Move::DescendToVal);
    let list = [
        ("", "", Count(0), ""),
        ("", "abcde", Count(2), "ab"),
        ("ab", "cdef", Count(3), "abcde"),
        ("", "az", Count(1), "a"),
        ("b", "a", Count(1), "ba"),
        ("b", "", Count(0), "b"),
        ("", "dtip", Count(4), "dtip"),
        ("zz", "a", Count(0), "zz"),
    ];
    let valued = [("", "abc", Count(2), "ab"), ("", "d", Count(1), "d")];
    vec![(standard(b""), with_operands(&call, &list)), (valued_root(), with_operands(&call, &valued))]
}

pub(crate) fn descend_to_byte() -> Row {
    let list = [("", b'a', Nothing, "a"), ("ab", b'z', Nothing, "abz"), ("zz", b'z', Nothing, "zzz")];
    let list = with_operands(Move::DescendToByte, &list);
    vec![(standard(b""), list.clone()), (standard(b"zz"), list)]
}

pub(crate) fn descend_to_existing_byte() -> Row {
    let list = [
        ("", b'a', YES, "a"),
        ("", b'z', NO, ""),
        ("dti", b'p', YES, "dtip"),
        ("dtip", b'p', NO, "dtip"),
        ("zz", b'a', NO, "zz"),
        ("long", b'-', YES, "long-"),
    ];
    vec![(standard(b""), with_operands(Move::DescendToExistingByte, &list))]
}

pub(crate) fn descend_indexed_byte() -> Row {
    let list = [
        ("", 0, YES, "a"),
        ("", 1, YES, "b"),
        ("", 2, YES, "d"),
        ("", 3, YES, "l"),
        ("", 4, NO, ""),
        ("abc", 1, YES, "abcx"),
        ("abcde", 0, NO, "abcde"),
        ("zz", 0, NO, "zz"),
        ("", usize::MAX, NO, ""),
    ];
    let of_wide = [(&b"w"[..], 0, YES, &b"w\x00"[..]), (b"w", 255, YES, b"w\xff"), (b"w", 256, NO, b"w")];
    let of_wide = of_wide.map(|(at, idx, answer, after)| (at, Move::DescendIndexedByte(idx), answer, after));
    vec![
        (standard(b""), with_operands(Move::DescendIndexedByte, &list)),
        (wide(b""), cases(of_wide.to_vec())),
        (standard(b"zz"), with_operands(Move::DescendIndexedByte, &[("", 0, NO, "")])),
    ]
}

pub(crate) fn descend_first_byte() -> Row {
    let list =
        [("", YES, "a"), ("abc", YES, "abcd"), ("dtip", NO, "dtip"), ("zz", NO, "zz"), ("lo", YES, "lon")];
    let list = from_each(|| Move::DescendFirstByte, &list);
    vec![(standard(b""), list), (standard(b"zz"), from_each(|| Move::DescendFirstByte, &[("", NO, "")]))]
}

pub(crate) fn descend_last_byte() -> Row {
    let list =
        [("", YES, "l"), ("abc", YES, "abcx"), ("dtip", NO, "dtip"), ("zz", NO, "zz"), ("lo", YES, "lon")];
    let list = from_each(|| Move::DescendLastByte, &list);
    vec![(standard(b""), list), (standard(b"zz"), from_each(|| Move::DescendLastByte, &[("", NO, "")]))]
}

pub(crate) fn descend_until() -> Row {
    let list = [
        ("", NO, ""),
        ("a", YES, "ab"),
        ("ab", YES, "abc"),
        ("abc", NO, "abc"),
        ("abcd", YES, "abcde"),
        ("abcde", NO, "abcde"),
        ("d", YES, "dtip"),
        ("dtip", NO, "dtip"),
        ("l", YES, "long-edge-to-a-value"),
        ("long-", YES, "long-edge-to-a-value"),
        ("zz", NO, "zz"),
    ];
    let call = || Move::DescendUntil;
    let edge = |len: usize| vec![b'e'; len];
    let of_long = vec![
        (edge(0), call(), YES, edge(1_000)),
        (edge(1_001), call(), YES, edge(3_003)),
        (edge(3_004), call(), YES, edge(5_000)),
    ];
    vec![
        (standard(b""), from_each(call, &list)),
        (standard(b"ab"), from_each(call, &[("", YES, "c"), ("c", NO, "c")])),
        (standard(b"long-"), from_each(call, &[("", YES, "edge-to-a-value")])),
        (standard(b"zz"), from_each(call, &[("", NO, ""), ("a", NO, "a")])),
        (long(b""), cases(of_long)),
    ]
}

pub(crate) fn descend_until_max_bytes() -> Row {
    let list = [
        ("l", 0, NO, "l"),
        ("l", 1, YES, "lo"),
        ("l", 8, YES, "long-edge"),
        ("l", 19, YES, "long-edge-to-a-value"),
        ("l", usize::MAX, YES, "long-edge-to-a-value"),
        ("a", 5, YES, "ab"),
        ("", 5, NO, ""),
        ("d", 2, YES, "dti"),
        ("d", 9, YES, "dtip"),
        ("zz", 9, NO, "zz"),
    ];
    let edge = |len: usize| vec![b'e'; len];
    let call = Move::DescendUntilMaxBytes;
    let of_long = vec![
        (edge(1_001), call(1_998), YES, edge(2_999)),
        (edge(1_001), call(2_001), YES, edge(3_002)),
        (edge(1_001), call(2_003), YES, edge(3_003)),
    ];
    vec![(standard(b""), with_operands(call, &list)), (long(b""), cases(of_long))]
}

pub(crate) fn ascend() -> Row {
    let list = [
        ("", 0, YES, ""),
        ("", 1, NO, ""),
        ("abcde", 0, YES, "abcde"),
        ("abcde", 2, YES, "abc"),
        ("abcde", 5, YES, ""),
        ("abcde", 6, NO, ""),
        ("abcde", usize::MAX, NO, ""),
        ("abzz", 1, YES, "abz"),
        ("abzz", 3, YES, "a"),
        ("long-edge-to", 4, YES, "long-edg"),
    ];
    let list = with_operands(Move::Ascend, &list);
    vec![(standard(b""), list.clone()), (standard(b"zz"), list.clone()), (standard(b"ab"), list)]
}

pub(crate) fn ascend_byte() -> Row {
    let list =
        [("", NO, ""), ("a", YES, ""), ("abz", YES, "ab"), ("abzz", YES, "abz"), ("long-", YES, "long")];
    let list = from_each(|| Move::AscendByte, &list);
    vec![(standard(b""), list.clone()), (standard(b"l"), list)]
}

pub(crate) fn ascend_until() -> Row {
    let call = || Move::AscendUntil;
    let list = [
        ("", NO, ""),
        ("a", YES, ""),
        ("ab", YES, ""),
        ("abc", YES, "ab"),
        ("abcde", YES, "abc"),
        ("ba", YES, "b"),
        ("dtip", YES, ""),
        ("long-edge-to-a-value", YES, ""),
        ("zzz", YES, ""),
        ("abzzz", YES, "ab"),
        ("abcdzz", YES, "abc"),
        ("abcdez", YES, "abcde"),
    ];
    let edge = |len: usize| vec![b'e'; len];
    let of_long = vec![(edge(5_000), call(), YES, edge(3_003)), (edge(3_003), call(), YES, edge(1_000))];
    vec![
        (standard(b""), from_each(call, &list)),
        (standard(b"abc"), from_each(call, &[("de", YES, ""), ("d", YES, ""), ("", NO, "")])),
        (standard(b"zz"), from_each(call, &[("ab", YES, ""), ("", NO, "")])),
        (long(b""), cases(of_long)),
    ]
}

pub(crate) fn ascend_until_branch() -> Row {
    let call = || Move::AscendUntilBranch;
    let list = [
        ("", NO, ""),
        ("a", YES, ""),
        ("abc", YES, ""),
        ("abcde", YES, "abc"),
        ("abcdezz", YES, "abc"),
        ("ba", YES, ""),
        ("long-edge-to-a-value", YES, ""),
        ("zzz", YES, ""),
    ];
    vec![
        (standard(b""), from_each(call, &list)),
        (standard(b"abcd"), from_each(call, &[("e", YES, ""), ("", NO, "")])),
        (standard(b"zz"), from_each(call, &[("ab", YES, ""), ("", NO, "")])),
    ]
}

pub(crate) fn to_next_sibling_byte() -> Row {
    let call = || Move::ToNextSiblingByte;
    let list = [
        ("", NO, ""),
        ("a", YES, "b"),
        ("b", YES, "d"),
        ("c", YES, "d"),
        ("l", NO, "l"),
        ("z", NO, "z"),
        ("abcd", YES, "abcx"),
        ("abcx", NO, "abcx"),
        ("abcf", YES, "abcx"),
        ("zz", NO, "zz"),
        ("abcdea", NO, "abcdea"),
    ];
    let of_wide = [(&b"w\x06"[..], call(), YES, &b"w\x07"[..]), (b"w\xff", call(), NO, b"w\xff")];
    vec![
        (standard(b""), from_each(call, &list)),
        (standard(b"abcd"), from_each(call, &[("", NO, ""), ("e", NO, "e"), ("d", YES, "e")])),
        (wide(b""), cases(of_wide.to_vec())),
    ]
}

pub(crate) fn to_prev_sibling_byte() -> Row {
    let call = || Move::ToPrevSiblingByte;
    let list = [
        ("", NO, ""),
        ("a", NO, "a"),
        ("b", YES, "a"),
        ("c", YES, "b"),
        ("l", YES, "d"),
        ("z", YES, "l"),
        ("abcx", YES, "abcd"),
        ("abcd", NO, "abcd"),
        ("abcf", YES, "abcd"),
        ("zz", NO, "zz"),
    ];
    let of_wide = [(&b"w\x07"[..], call(), YES, &b"w\x06"[..]), (b"w\x00", call(), NO, b"w\x00")];
    vec![
        (standard(b""), from_each(call, &list)),
        (standard(b"abcx"), from_each(call, &[("", NO, ""), ("y", NO, "y"), ("z", YES, "y")])),
        (wide(b""), cases(of_wide.to_vec())),
    ]
}

pub(crate) fn move_to_path() -> Row {
    let list = [
        ("", "", Count(0), ""),
        ("abc", "abc", Count(3), "abc"),
        ("abcde", "abcxy", Count(3), "abcxy"),
        ("abc", "", Count(0), ""),
        ("abc", "zz", Count(0), "zz"),
        ("zza", "zzb", Count(2), "zzb"),
        ("ab", "abcd", Count(2), "abcd"),
        ("abcd", "ab", Count(2), "ab"),
    ];
    let list = with_operands(path(Move::MoveToPath), &list);
    vec![(standard(b""), list.clone()), (standard(b"zz"), list)]
}

pub(crate) fn to_next_step() -> Row {
    let call = || Move::ToNextStep;
    let list = [
        ("", YES, "a"),
        ("a", YES, "ab"),
        ("abcde", YES, "abcx"),
        ("abcxy", YES, "b"),
        ("ba", YES, "d"),
        ("dtip", YES, "l"),
        ("long-edge-to-a-value", NO, ""),
        ("abca", YES, "abcd"),
        ("abzz", YES, "b"),
        ("aa", YES, "ab"),
        ("zz", NO, ""),
    ];
    vec![
        (standard(b""), from_each(call, &list)),
        (
            standard(b"abc"),
            from_each(call, &[("", YES, "d"), ("de", YES, "x"), ("xy", NO, ""), ("m", YES, "x")]),
        ),
        (standard(b"dtip"), from_each(call, &[("", NO, ""), ("a", NO, "")])),
        (standard(b"zz"), from_each(call, &[("", NO, ""), ("a", NO, "")])),
    ]
}

pub(crate) fn to_next_val() -> Row {
    let call = || Move::ToNextVal;
    let list = [
        ("", YES, "ab"),
        ("ab", YES, "abcde"),
        ("abcd", YES, "abcde"),
        ("abcxy", YES, "b"),
        ("b", YES, "ba"),
        ("ba", YES, "long-edge-to-a-value"),
        ("dtip", YES, "long-edge-to-a-value"),
        ("long-edge-to-a-value", NO, ""),
        ("abzz", YES, "b"),
        ("zz", NO, ""),
    ];
    vec![
        (standard(b""), from_each(call, &list)),
        (valued_root(), from_each(call, &[("", YES, "ab"), ("c", NO, ""), ("d", NO, "")])),
        (standard(b"b"), from_each(call, &[("", YES, "a"), ("a", NO, "")])),
        (standard(b"zz"), from_each(call, &[("", NO, ""), ("a", NO, "")])),
    ]
}

pub(crate) fn to_prev_step() -> Row {
    let call = || Move::ToPrevStep;
    let list = [
        ("", YES, "long-edge-to-a-value"),
        ("a", NO, ""),
        ("ab", YES, "a"),
        ("abcx", YES, "abcde"),
        ("b", YES, "abcxy"),
        ("l", YES, "dtip"),
        ("abca", YES, "abc"),
        ("abzz", YES, "abcxy"),
        ("azz", YES, "abcxy"),
        ("zzz", YES, "long-edge-to-a-value"),
        ("Azz", NO, ""),
        ("abcdefgh", YES, "abcde"),
    ];
    vec![
        (standard(b""), from_each(call, &list)),
        (valued_root(), from_each(call, &[("", YES, "d"), ("a", NO, "")])),
        (
            standard(b"abc"),
            from_each(call, &[("", YES, "xy"), ("d", NO, ""), ("x", YES, "de"), ("aa", NO, "")]),
        ),
        (standard(b"dtip"), from_each(call, &[("", NO, ""), ("aa", NO, "")])),
        (standard(b"zz"), from_each(call, &[("", NO, ""), ("aa", NO, "")])),
    ]
}

pub(crate) fn to_prev_val() -> Row {
    let call = || Move::ToPrevVal;
    let list = [
        ("", YES, "long-edge-to-a-value"),
        ("long-edge-to-a-value", YES, "ba"),
        ("ba", YES, "b"),
        ("b", YES, "abcxy"),
        ("abcde", YES, "ab"),
        ("ab", NO, ""),
        ("a", NO, ""),
        ("dzz", YES, "ba"),
        ("Azz", NO, ""),
    ];
    vec![
        (standard(b""), from_each(call, &list)),
        (valued_root(), from_each(call, &[("", YES, "c"), ("ab", NO, "")])),
        (standard(b"d"), from_each(call, &[("", NO, ""), ("tip", NO, "")])),
        (standard(b"zz"), from_each(call, &[("", NO, ""), ("aa", NO, "")])),
    ]
}

pub(crate) fn descend_last_path() -> Row {
    let call = || Move::DescendLastPath;
    let list = [
        ("", YES, "long-edge-to-a-value"),
        ("a", YES, "abcxy"),
        ("abcd", YES, "abcde"),
        ("d", YES, "dtip"),
        ("dtip", NO, "dtip"),
        ("abcxy", NO, "abcxy"),
        ("zz", NO, "zz"),
        ("long-", YES, "long-edge-to-a-value"),
    ];
    vec![
        (standard(b""), from_each(call, &list)),
        (standard(b"ab"), from_each(call, &[("", YES, "cxy")])),
        (standard(b"zz"), from_each(call, &[("", NO, "")])),
    ]
}

pub(crate) fn descend_first_k_path() -> Row {
    let list = [
        ("", 0, NO, ""),
        ("", 1, YES, "a"),
        ("", 2, YES, "ab"),
        ("", 5, YES, "abcde"),
        ("", 6, YES, "long-e"),
        ("", 20, YES, "long-edge-to-a-value"),
        ("", 21, NO, ""),
        ("abc", 2, YES, "abcde"),
        ("abc", 3, NO, "abc"),
        ("dtip", 1, NO, "dtip"),
        ("zz", 1, NO, "zz"),
        ("zz", 0, NO, "zz"),
        ("", usize::MAX, NO, ""),
    ];
    let call = Move::DescendFirstKPath;
    vec![
        (standard(b""), with_operands(call, &list)),
        (standard(b"ab"), with_operands(call, &[("", 3, YES, "cde"), ("", 4, NO, "")])),
        (standard(b"zz"), with_operands(call, &[("", 1, NO, ""), ("", 0, NO, "")])),
    ]
}

pub(crate) fn to_next_k_path() -> Row {
    let list = [
        ("", 0, NO, ""),
        ("", 1, NO, ""),
        ("abc", 0, NO, "abc"),
        ("abc", 4, NO, ""),
        ("a", 1, YES, "b"),
        ("l", 1, NO, ""),
        ("ab", 2, YES, "ba"),
        ("ba", 2, YES, "dt"),
        ("dt", 2, YES, "lo"),
        ("lo", 2, NO, ""),
        ("abcde", 2, YES, "abcxy"),
        ("abcxy", 2, NO, "abc"),
        ("abcde", 1, NO, "abcd"),
        ("abcde", 5, YES, "abcxy"),
        ("abcxy", 5, YES, "long-"),
        ("abcaa", 2, YES, "abcde"),
        ("zz", 2, NO, ""),
        ("zz", 1, NO, "z"),
        ("aa", 1, YES, "ab"),
        ("abc", usize::MAX, NO, ""),
    ];
    let call = Move::ToNextKPath;
    vec![
        (standard(b""), with_operands(call, &list)),
        (
            standard(b"abc"),
            with_operands(call, &[("de", 2, YES, "xy"), ("de", 3, NO, ""), ("xy", 2, NO, "")]),
        ),
        (standard(b"zz"), with_operands(call, &[("", 1, NO, ""), ("aa", 1, NO, "a"), ("aa", 3, NO, "")])),
    ]
}
