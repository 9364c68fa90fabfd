//! Results and statuses: conversions, swapped operands, merges.

use std::collections::BTreeSet;

use super::lattice::{DistributiveLattice, Lattice};
use super::result::{AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, SELF_IDENT};

const BOTH: u64 = SELF_IDENT | COUNTER_IDENT;

#[test]
fn results_are_taken_apart() {
    use AlgebraicResult::{Element, Identity};
    type Of = AlgebraicResult<u8>;
    let all: [Of; 5] = [Of::None, Identity(SELF_IDENT), Identity(COUNTER_IDENT), Identity(BOTH), Element(9)];
    assert_eq!(all.map(|r| r.is_none()), [true, false, false, false, false]);
    assert_eq!(all.map(|r| r.is_identity()), [false, true, true, true, false]);
    assert_eq!(all.map(|r| r.is_element()), [false, false, false, false, true]);
    assert_eq!(all.map(|r| r.identity_mask()), [None, Some(1), Some(2), Some(3), None]);
    let inverted = [Of::None, Identity(COUNTER_IDENT), Identity(SELF_IDENT), Identity(BOTH), Element(9)];
    assert_eq!(all.map(Of::invert_identity), inverted);
    assert_eq!(
        all.map(|r| r.map(|v| v + 1).into_option([1, 2])),
        [None, Some(1), Some(2), Some(1), Some(10)]
    );
    assert_eq!(all.map(|r| r.as_ref().map(|v| *v)), all);
    assert_eq!(all.map(|r| r.into_option([&1, &2])), [None, Some(1), Some(2), Some(1), Some(9)]);
    let by_index = |i| Some(i as u8);
    assert_eq!(all.map(|r| r.map_into_option(by_index)), [None, Some(0), Some(1), Some(0), Some(9)]);
    assert_eq!(all.map(|r| r.unwrap_or([1, 2], 7)), [7, 1, 2, 1, 9]);
    assert_eq!(all.map(|r| r.unwrap_or_else(|i| i as u8, || 7)), [7, 0, 1, 0, 9]);
    assert_eq!(all[1..].iter().map(|r| r.unwrap([1, 2])).collect::<Vec<_>>(), [1, 2, 1, 9]);
    let statuses = all.map(|r| r.status());
    use AlgebraicStatus as Status;
    let expected = [Status::None, Status::Identity, Status::Element, Status::Identity, Status::Element];
    assert_eq!(statuses, expected);
    let back = expected.map(|status| Of::from_status(status, || 5));
    assert_eq!(back, [Of::None, Identity(SELF_IDENT), Element(5), Identity(SELF_IDENT), Element(5)]);
    let nested = [AlgebraicResult::None, Identity(2), Element(None), Element(Some(3u8))];
    assert_eq!(nested.map(|r| r.flatten()), [Of::None, Identity(2), Of::None, Element(3)]);
    assert_eq!(Of::default(), Of::None);
}

#[test]
#[should_panic(expected = "nothing is left")]
fn nothing_cannot_be_unwrapped() {
    let _ = AlgebraicResult::<u8>::None.unwrap([1, 2]);
}

/// All pairs of parts that operands may have, merged, against the result for the whole.
#[test]
fn parts_merge_to_the_result_of_the_whole() {
    type Part = Option<BTreeSet<u8>>;
    type Operation = fn(&Part, &Part) -> AlgebraicResult<BTreeSet<u8>>;
    let parts: Vec<Part> = vec![None, Some([1].into()), Some([2].into()), Some([1, 2].into())];
    let operations: [(Operation, bool); 3] = [
        (|a, b| if a.is_none() && b.is_none() { AlgebraicResult::None } else { a.pjoin(b).flatten() }, true),
        (|a, b| if a.is_none() || b.is_none() { AlgebraicResult::None } else { a.pmeet(b).flatten() }, true),
        (|a, b| a.psubtract(b).flatten(), false),
    ];
    for (operation, symmetric) in operations {
        for whole in 0..parts.len().pow(4) {
            let part = |i: u32| &parts[whole / parts.len().pow(i) % parts.len()];
            let (a, b) = ([part(0), part(1)], [part(2), part(3)]);
            let expected = [0, 1].map(|i| {
                operation(a[i], b[i])
                    .map_into_option(|side| if side == 0 { a[i].clone() } else { b[i].clone() })
            });
            let merged = operation(a[0], b[0]).merge(
                operation(a[1], b[1]),
                |i| [a, b][i][0].clone(),
                |i| [a, b][i][1].clone(),
                |first, second| AlgebraicResult::Element([first, second]),
            );
            match merged {
                AlgebraicResult::None => assert_eq!(expected, [None, None]),
                AlgebraicResult::Element(parts) => {
                    assert_eq!(parts, expected);
                    assert!(expected.iter().any(Option::is_some));
                }
                AlgebraicResult::Identity(mask) => {
                    let named =
                        |i: u32, operand: [&Part; 2]| mask >> i & 1 == 0 || operand == expected.each_ref();
                    assert!(mask != 0 && named(0, a) && named(1, b), "{a:?} {b:?} {mask}");
                    assert!(symmetric || mask == SELF_IDENT);
                }
            }
        }
    }
}

#[test]
fn a_merge_claims_no_argument_that_differs() {
    // Nothing is left of the first part, which argument 0 lacked and argument 1 had. The second
    // part is equal in both arguments.
    let merged: AlgebraicResult<()> = AlgebraicResult::<i32>::None.merge(
        AlgebraicResult::<char>::Identity(BOTH),
        |i| [None, Some(1)][i],
        |i| [Some('x'), Some('x')][i],
        |_, _| panic!("argument 0 is the result"),
    );
    assert_eq!(merged, AlgebraicResult::Identity(SELF_IDENT));
}

#[test]
fn statuses_are_ordered_by_what_they_promise() {
    use AlgebraicStatus::{Element, Identity, None};
    assert!(Element < Identity && Identity < None);
    assert_eq!(AlgebraicStatus::default(), Element);
    assert_eq!([Element, Identity, None].map(|s| s.is_element()), [true, false, false]);
    assert_eq!([Element, Identity, None].map(|s| s.is_identity()), [false, true, false]);
    assert_eq!([Element, Identity, None].map(|s| s.is_none()), [false, false, true]);
    for (self_none, b_none) in [(false, false), (false, true), (true, false), (true, true)] {
        let merge = |a: AlgebraicStatus, b| a.merge(b, self_none, b_none);
        for other in [Element, Identity, None] {
            assert_eq!([merge(Element, other), merge(other, Element)], [Element; 2]);
        }
        assert_eq!((merge(None, None), merge(Identity, Identity)), (None, Identity));
        assert_eq!(merge(None, Identity), if self_none { Identity } else { Element });
        assert_eq!(merge(Identity, None), if b_none { Identity } else { Element });
    }
}
