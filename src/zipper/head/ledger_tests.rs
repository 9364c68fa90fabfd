use super::ledger::{Ledger, Ticket};
use crate::error::Conflict;
use crate::error::ZipperKind::{self, Reader, Writer};

fn ledger(living: &[(&str, ZipperKind)]) -> Ledger {
    let mut ledger = Ledger::new();
    for (path, kind) in living {
        ledger.add(path.as_bytes(), *kind);
    }
    ledger
}

fn blocked(path: &str, kind: ZipperKind) -> Result<(), Conflict> {
    Err(Conflict::new(path.as_bytes(), kind))
}

#[test]
fn an_empty_ledger_lets_everyone_in() {
    let ledger = Ledger::new();
    assert!(ledger.is_idle());
    assert_eq!(ledger.longest_common_with_writer(b"a"), None);
    for path in ["", "a", "abc"] {
        assert_eq!(ledger.check(path.as_bytes(), Reader), Ok(()));
        assert_eq!(ledger.check(path.as_bytes(), Writer), Ok(()));
    }
}

#[test]
fn a_writer_excludes_everyone_at_above_and_below() {
    let ledger = ledger(&[("abc", Writer)]);
    for path in ["", "a", "ab", "abc", "abcd", "abcde"] {
        assert_eq!(ledger.check(path.as_bytes(), Reader), blocked("abc", Writer), "{path}");
        assert_eq!(ledger.check(path.as_bytes(), Writer), blocked("abc", Writer), "{path}");
    }
    for path in ["abb", "abd", "ac", "b", "abbz", "abd\0"] {
        assert_eq!(ledger.check(path.as_bytes(), Reader), Ok(()), "{path}");
        assert_eq!(ledger.check(path.as_bytes(), Writer), Ok(()), "{path}");
    }
}

#[test]
fn a_reader_excludes_writers_only() {
    let ledger = ledger(&[("abc", Reader)]);
    for path in ["", "a", "abc", "abcd"] {
        assert_eq!(ledger.check(path.as_bytes(), Reader), Ok(()), "{path}");
        assert_eq!(ledger.check(path.as_bytes(), Writer), blocked("abc", Reader), "{path}");
    }
    assert_eq!(ledger.check(b"abd", Writer), Ok(()));
}

#[test]
fn a_writer_at_the_empty_path_holds_everything() {
    let ledger = ledger(&[("", Writer)]);
    for path in ["", "a", "zzz"] {
        assert_eq!(ledger.check(path.as_bytes(), Reader), blocked("", Writer));
        assert_eq!(ledger.check(path.as_bytes(), Writer), blocked("", Writer));
    }
}

#[test]
fn readers_nest_and_repeat_and_each_counts() {
    let mut ledger = ledger(&[("", Reader), ("a", Reader), ("ab", Reader), ("ab", Reader), ("abc", Reader)]);
    assert_eq!(
        ledger.readers().collect::<Vec<_>>(),
        [(&b""[..], 1), (&b"a"[..], 1), (&b"ab"[..], 2), (&b"abc"[..], 1)]
    );
    ledger.remove(b"", Reader);
    ledger.remove(b"a", Reader);
    ledger.remove(b"abc", Reader);
    ledger.remove(b"ab", Reader);
    assert!(ledger.is_read_at(b"ab") && !ledger.is_read_at(b"abc"));
    assert_eq!(ledger.check(b"abz", Writer), blocked("ab", Reader));
    ledger.remove(b"ab", Reader);
    assert!(ledger.is_idle());
    assert_eq!(ledger.check(b"abz", Writer), Ok(()));
}

#[test]
fn a_prefix_is_found_behind_entries_that_hide_it() {
    // Between "a" and what is asked for stand entries that are no prefixes of it, each nearer in byte order.
    let ledger =
        ledger(&[("a", Reader), ("ab", Reader), ("abb", Reader), ("abcb", Reader), ("abccb", Reader)]);
    assert_eq!(ledger.check(b"abccc", Writer), blocked("ab", Reader));
    assert_eq!(ledger.check(b"accc", Writer), blocked("a", Reader));
    assert_eq!(ledger.check(b"b", Writer), Ok(()));
}

#[test]
fn the_nearest_prefix_is_named_before_what_lies_below_and_a_writer_before_a_reader() {
    let readers = ledger(&[("", Reader), ("a", Reader), ("abx", Reader), ("aby", Reader)]);
    assert_eq!(readers.check(b"ab", Writer), blocked("a", Reader));
    let below = ledger(&[("abx", Reader), ("aby", Reader)]);
    assert_eq!(below.check(b"ab", Writer), blocked("abx", Reader));
    let both = ledger(&[("abx", Reader), ("aby", Writer)]);
    assert_eq!(both.check(b"ab", Writer), blocked("aby", Writer));
}

#[test]
fn bytes_compare_unsigned() {
    let mut ledger = Ledger::new();
    ledger.add(&[0x7f], Writer);
    ledger.add(&[0xff, 0x00], Writer);
    assert_eq!(ledger.check(&[0xff], Writer), Err(Conflict::new(&[0xff, 0x00], Writer)));
    assert_eq!(ledger.check(&[0x7f, 0xff], Reader), Err(Conflict::new(&[0x7f], Writer)));
    assert_eq!(ledger.check(&[0x80], Writer), Ok(()));
}

#[test]
fn releasing_one_of_two_equal_writers_leaves_the_other() {
    let mut ledger = Ledger::new();
    ledger.add_unchecked(b"ab", Writer);
    ledger.add_unchecked(b"ab", Writer);
    ledger.add_unchecked(b"a", Writer);
    assert_eq!(ledger.writers().collect::<Vec<_>>(), [(&b"a"[..], 1), (&b"ab"[..], 2)]);
    ledger.remove(b"ab", Writer);
    ledger.remove(b"a", Writer);
    assert_eq!(ledger.check(b"abc", Reader), blocked("ab", Writer));
    assert_eq!(ledger.check(b"", Reader), blocked("ab", Writer));
    ledger.remove(b"ab", Writer);
    assert!(ledger.is_idle());
}

#[test]
fn the_longest_common_prefix_comes_from_either_neighbour() {
    let mut ledger = ledger(&[("abcx", Writer), ("abq", Writer), ("zz", Reader)]);
    for (path, common) in [
        ("abcy", 3),
        ("abcx", 4),
        ("abcxyz", 4),
        ("abd", 2),
        ("abp", 2),
        ("abqq", 3),
        ("a", 1),
        ("", 0),
        ("zz", 0),
    ] {
        assert_eq!(ledger.longest_common_with_writer(path.as_bytes()), Some(common), "{path}");
    }
    ledger.remove(b"abcx", Writer);
    ledger.remove(b"abq", Writer);
    assert_eq!(ledger.longest_common_with_writer(b"zz"), None);
}

#[test]
fn a_waiter_stands_behind_living_zippers_and_earlier_requests() {
    let mut ledger = ledger(&[("ab", Reader)]);
    let first = ledger.enqueue(b"a", Writer);
    let second = ledger.enqueue(b"ac", Reader);
    let third = ledger.enqueue(b"b", Writer);
    let fourth = ledger.enqueue(b"ac", Reader);
    assert_eq!(ledger.may_pass(first), blocked("ab", Reader));
    assert_eq!(ledger.may_pass(second), blocked("a", Writer));
    assert_eq!(ledger.may_pass(third), Ok(()));
    assert_eq!(ledger.may_pass(fourth), blocked("a", Writer));
    // An immediate call does not look at them.
    assert_eq!(ledger.check(b"ac", Reader), Ok(()));

    ledger.leave(first);
    assert_eq!(ledger.may_pass(second), Ok(()));
    assert_eq!(ledger.may_pass(fourth), Ok(()), "two readers do not exclude each other");
    assert_eq!(
        ledger.waiters().collect::<Vec<_>>(),
        [(&b"ac"[..], Reader), (&b"b"[..], Writer), (&b"ac"[..], Reader)]
    );
    assert!(ledger.has_waiters());
    for ticket in [fourth, second, third] {
        ledger.leave(ticket);
    }
    assert!(!ledger.has_waiters());
}

#[test]
fn a_later_request_never_holds_an_earlier_one_up() {
    let mut ledger = Ledger::new();
    let reader = ledger.enqueue(b"abc", Reader);
    let below = ledger.enqueue(b"abcd", Writer);
    let above = ledger.enqueue(b"", Writer);
    assert_eq!(ledger.may_pass(reader), Ok(()));
    assert_eq!(ledger.may_pass(below), blocked("abc", Reader));
    assert_eq!(ledger.may_pass(above), blocked("abc", Reader));
}

/// The rule as it is told to users, over a list.
#[derive(Default)]
struct Naive {
    living: Vec<(Vec<u8>, ZipperKind)>,
    waiting: Vec<(Ticket, Vec<u8>, ZipperKind)>,
}

fn excludes(a: &[u8], a_kind: ZipperKind, b: &[u8], b_kind: ZipperKind) -> bool {
    let related = a.len() <= b.len() && a == &b[..a.len()] || b.len() < a.len() && b == &a[..b.len()];
    related && !(a_kind == Reader && b_kind == Reader)
}

impl Naive {
    fn blocking(&self, path: &[u8], kind: ZipperKind) -> Vec<(Vec<u8>, ZipperKind)> {
        self.living.iter().filter(|(held, holder)| excludes(held, *holder, path, kind)).cloned().collect()
    }

    fn blocking_waiter(&self, place: usize) -> Vec<(Vec<u8>, ZipperKind)> {
        let (_, path, kind) = &self.waiting[place];
        let living = self.blocking(path, *kind);
        if !living.is_empty() {
            return living;
        }
        let earlier = self.waiting[..place].iter().map(|(_, path, kind)| (path.clone(), *kind));
        earlier.filter(|(held, holder)| excludes(held, *holder, path, *kind)).collect()
    }

    fn longest_common_with_writer(&self, path: &[u8]) -> Option<usize> {
        let writers = self.living.iter().filter(|(_, kind)| *kind == Writer);
        writers.map(|(held, _)| (0..=held.len()).rev().find(|&n| path.starts_with(&held[..n])).unwrap()).max()
    }

    fn counted(&self, kind: ZipperKind) -> Vec<(Vec<u8>, usize)> {
        let mut paths: Vec<_> =
            self.living.iter().filter(|(_, k)| *k == kind).map(|(p, _)| p.clone()).collect();
        paths.sort();
        let runs = paths.chunk_by(|a, b| a == b);
        runs.map(|run| (run[0].clone(), run.len())).collect()
    }
}

fn assert_verdict(verdict: Result<(), Conflict>, blocking: &[(Vec<u8>, ZipperKind)]) {
    match verdict {
        Ok(()) => assert!(blocking.is_empty(), "let in beside {blocking:?}"),
        Err(conflict) => {
            let named = (conflict.path().to_vec(), conflict.kind());
            assert!(blocking.contains(&named), "{named:?} does not stand in the way, but {blocking:?}");
        }
    }
}

/// Marsaglia's xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) % n
    }

    fn kind(&mut self) -> ZipperKind {
        if self.below(2) == 0 { Reader } else { Writer }
    }

    fn path(&mut self) -> Vec<u8> {
        let stem: &[u8] = if self.below(8) == 0 { &[7; 40] } else { &[] };
        let tail = self.below(6);
        stem.iter().copied().chain((0..tail).map(|_| [0, 7, 255][self.below(3) as usize])).collect()
    }
}

/// Random additions, removals and waiters; every question the ledger answers is put to the model too, after
/// every step.
fn compare_with_naive(seed: u64, steps: usize, most: usize, unchecked: bool) {
    let mut random = Random(seed);
    let mut ledger = Ledger::new();
    let mut naive = Naive::default();
    let (mut let_in, mut refused) = (0, 0);
    for _ in 0..steps {
        let (path, kind) = (random.path(), random.kind());
        match random.below(6) {
            0 | 1 if naive.living.len() < most => {
                let verdict = ledger.check(&path, kind);
                if unchecked && random.below(4) == 0 {
                    ledger.add_unchecked(&path, kind);
                    naive.living.push((path.clone(), kind));
                } else if verdict.is_ok() {
                    let_in += 1;
                    ledger.add(&path, kind);
                    naive.living.push((path.clone(), kind));
                } else {
                    refused += 1;
                }
            }
            2 if !naive.living.is_empty() => {
                let at = random.below(naive.living.len() as u64) as usize;
                let (path, kind) = naive.living.swap_remove(at);
                ledger.remove(&path, kind);
            }
            3 if naive.waiting.len() < 6 => {
                naive.waiting.push((ledger.enqueue(&path, kind), path.clone(), kind));
            }
            4 if !naive.waiting.is_empty() => {
                let at = random.below(naive.waiting.len() as u64) as usize;
                let (ticket, path, kind) = naive.waiting.remove(at);
                let passes = ledger.may_pass(ticket).is_ok();
                ledger.leave(ticket);
                if passes {
                    ledger.add(&path, kind);
                    naive.living.push((path, kind));
                }
            }
            _ => {}
        }
        let (path, kind) = (random.path(), random.kind());
        assert_verdict(ledger.check(&path, kind), &naive.blocking(&path, kind));
        assert_eq!(ledger.longest_common_with_writer(&path), naive.longest_common_with_writer(&path));
        assert_eq!(ledger.is_read_at(&path), naive.living.contains(&(path, Reader)));
        assert_eq!(ledger.is_idle(), naive.living.is_empty());
        assert_eq!(ledger.has_waiters(), !naive.waiting.is_empty());
        assert_eq!(ledger.readers().map(|(p, n)| (p.to_vec(), n)).collect::<Vec<_>>(), naive.counted(Reader));
        assert_eq!(ledger.writers().map(|(p, n)| (p.to_vec(), n)).collect::<Vec<_>>(), naive.counted(Writer));
        let waiting = naive.waiting.iter().map(|(_, path, kind)| (&**path, *kind));
        assert!(ledger.waiters().eq(waiting));
        for (place, (ticket, ..)) in naive.waiting.iter().enumerate() {
            assert_verdict(ledger.may_pass(*ticket), &naive.blocking_waiter(place));
        }
    }
    assert!(
        let_in > steps / 100 && refused > steps / 100,
        "{let_in} let in, {refused} refused: nothing was tried"
    );
}

#[test]
fn a_checked_ledger_equals_the_naive_list() {
    for (seed, most) in [(0x9e37_79b9_7f4a_7c15, 3), (0xd1b5_4a32_d192_ed03, 6), (0x8bb8_4b93_962e_acc9, 20)]
    {
        compare_with_naive(seed, 4_000, most, false);
    }
}

#[test]
fn an_overlapping_ledger_equals_the_naive_list() {
    for (seed, most) in [(0x2545_f491_4f6c_dd1d, 3), (0x94d0_49bb_1331_11eb, 6), (0xbf58_476d_1ce4_e5b9, 20)]
    {
        compare_with_naive(seed, 4_000, most, true);
    }
}
