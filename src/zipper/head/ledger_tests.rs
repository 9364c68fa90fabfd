use super::ledger::{Obstacle, Ticket};
use super::test_calls::Blocker;
use crate::error::Conflict;
use crate::error::ZipperKind::{self, Reader, Writer};

/// A ledger whose signals are numbers.
type Ledger = super::ledger::Ledger<usize>;

fn ledger(living: &[(&str, ZipperKind)]) -> Ledger {
    let mut ledger = Ledger::new();
    for (path, kind) in living {
        ledger.add(path.as_bytes(), *kind);
    }
    ledger
}

fn blocked(path: impl AsRef<[u8]>, kind: ZipperKind) -> Result<(), Blocker> {
    Err((path.as_ref().to_vec(), kind))
}

fn check(ledger: &Ledger, path: &[u8], kind: ZipperKind) -> Result<(), Blocker> {
    ledger.check(path, kind).map_err(named)
}

fn named(conflict: Conflict) -> Blocker {
    (conflict.path().to_vec(), conflict.kind())
}

/// Removes a zipper that nobody waits for.
fn remove(ledger: &mut Ledger, path: &[u8], kind: ZipperKind) {
    let mut granted = Vec::new();
    ledger.remove(path, kind, &mut granted);
    assert!(granted.is_empty());
}

/// Adds a zipper if nothing excludes it, otherwise a request for it.
fn ask(ledger: &mut Ledger, path: &[u8], kind: ZipperKind, signal: usize) -> Option<Ticket> {
    match ledger.obstacle(path, kind) {
        None => {
            ledger.add(path, kind);
            None
        }
        Some(obstacle) => Some(ledger.enqueue(path, kind, obstacle, signal)),
    }
}

#[test]
fn an_empty_ledger_lets_everyone_in() {
    let ledger = Ledger::new();
    assert!(ledger.is_idle());
    assert_eq!(ledger.longest_common_with_writer(b"a"), None);
    for path in ["", "a", "abc"] {
        assert_eq!(check(&ledger, path.as_bytes(), Reader), Ok(()));
        assert_eq!(check(&ledger, path.as_bytes(), Writer), Ok(()));
    }
}

#[test]
fn a_writer_excludes_everyone_at_above_and_below() {
    let ledger = ledger(&[("abc", Writer)]);
    for path in ["", "a", "ab", "abc", "abcd", "abcde"] {
        assert_eq!(check(&ledger, path.as_bytes(), Reader), blocked("abc", Writer), "{path}");
        assert_eq!(check(&ledger, path.as_bytes(), Writer), blocked("abc", Writer), "{path}");
    }
    for path in ["abb", "abd", "ac", "b", "abbz", "abd\0"] {
        assert_eq!(check(&ledger, path.as_bytes(), Reader), Ok(()), "{path}");
        assert_eq!(check(&ledger, path.as_bytes(), Writer), Ok(()), "{path}");
    }
}

#[test]
fn a_reader_excludes_writers_only() {
    let ledger = ledger(&[("abc", Reader)]);
    for path in ["", "a", "abc", "abcd"] {
        assert_eq!(check(&ledger, path.as_bytes(), Reader), Ok(()), "{path}");
        assert_eq!(check(&ledger, path.as_bytes(), Writer), blocked("abc", Reader), "{path}");
    }
    assert_eq!(check(&ledger, b"abd", Writer), Ok(()));
}

#[test]
fn a_writer_at_the_empty_path_holds_everything() {
    let ledger = ledger(&[("", Writer)]);
    for path in ["", "a", "zzz"] {
        assert_eq!(check(&ledger, path.as_bytes(), Reader), blocked("", Writer));
        assert_eq!(check(&ledger, path.as_bytes(), Writer), blocked("", Writer));
    }
}

#[test]
fn readers_nest_and_repeat_and_each_counts() {
    let mut ledger = ledger(&[("", Reader), ("a", Reader), ("ab", Reader), ("ab", Reader), ("abc", Reader)]);
    assert_eq!(
        ledger.readers().collect::<Vec<_>>(),
        [(&b""[..], 1), (&b"a"[..], 1), (&b"ab"[..], 2), (&b"abc"[..], 1)]
    );
    remove(&mut ledger, b"", Reader);
    remove(&mut ledger, b"a", Reader);
    remove(&mut ledger, b"abc", Reader);
    remove(&mut ledger, b"ab", Reader);
    assert!(ledger.is_read_at(b"ab") && !ledger.is_read_at(b"abc"));
    assert_eq!(check(&ledger, b"abz", Writer), blocked("ab", Reader));
    remove(&mut ledger, b"ab", Reader);
    assert!(ledger.is_idle());
    assert_eq!(check(&ledger, b"abz", Writer), Ok(()));
}

#[test]
fn a_prefix_is_found_behind_entries_that_hide_it() {
    // Between "a" and the requested path are entries that are not prefixes of it, each nearer in
    // byte order.
    let ledger =
        ledger(&[("a", Reader), ("ab", Reader), ("abb", Reader), ("abcb", Reader), ("abccb", Reader)]);
    assert_eq!(check(&ledger, b"abccc", Writer), blocked("ab", Reader));
    assert_eq!(check(&ledger, b"accc", Writer), blocked("a", Reader));
    assert_eq!(check(&ledger, b"b", Writer), Ok(()));
}

#[test]
fn the_nearest_prefix_is_named_before_what_lies_below_and_a_writer_before_a_reader() {
    let readers = ledger(&[("", Reader), ("a", Reader), ("abx", Reader), ("aby", Reader)]);
    assert_eq!(check(&readers, b"ab", Writer), blocked("a", Reader));
    let below = ledger(&[("abx", Reader), ("aby", Reader)]);
    assert_eq!(check(&below, b"ab", Writer), blocked("abx", Reader));
    let both = ledger(&[("abx", Reader), ("aby", Writer)]);
    assert_eq!(check(&both, b"ab", Writer), blocked("aby", Writer));
}

#[test]
fn bytes_compare_unsigned() {
    let mut ledger = Ledger::new();
    ledger.add(&[0x7f], Writer);
    ledger.add(&[0xff, 0x00], Writer);
    assert_eq!(check(&ledger, &[0xff], Writer), blocked([0xff, 0x00], Writer));
    assert_eq!(check(&ledger, &[0x7f, 0xff], Reader), blocked([0x7f], Writer));
    assert_eq!(check(&ledger, &[0x80], Writer), Ok(()));
}

#[test]
fn releasing_one_of_two_equal_writers_leaves_the_other() {
    let mut ledger = Ledger::new();
    ledger.add_unchecked(b"ab", Writer);
    ledger.add_unchecked(b"ab", Writer);
    ledger.add_unchecked(b"a", Writer);
    assert_eq!(ledger.writers().collect::<Vec<_>>(), [(&b"a"[..], 1), (&b"ab"[..], 2)]);
    remove(&mut ledger, b"ab", Writer);
    remove(&mut ledger, b"a", Writer);
    assert_eq!(check(&ledger, b"abc", Reader), blocked("ab", Writer));
    assert_eq!(check(&ledger, b"", Reader), blocked("ab", Writer));
    remove(&mut ledger, b"ab", Writer);
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
    remove(&mut ledger, b"abcx", Writer);
    remove(&mut ledger, b"abq", Writer);
    assert_eq!(ledger.longest_common_with_writer(b"zz"), None);
}

#[test]
fn a_waiter_stands_behind_living_zippers_and_earlier_requests() {
    let mut ledger = ledger(&[("ab", Reader)]);
    let why = |ledger: &Ledger, ticket| named(ledger.conflict(ticket));
    let first = ask(&mut ledger, b"a", Writer, 1).unwrap();
    let second = ask(&mut ledger, b"ac", Reader, 2).unwrap();
    assert_eq!(ask(&mut ledger, b"b", Writer, 3), None);
    let fourth = ask(&mut ledger, b"ac", Reader, 4).unwrap();
    assert_eq!(why(&ledger, first), (b"ab".to_vec(), Reader));
    assert_eq!(why(&ledger, second), (b"a".to_vec(), Writer));
    assert_eq!(why(&ledger, fourth), (b"a".to_vec(), Writer));
    let conflict = ledger.conflict(second).to_string();
    assert_eq!(conflict, r#"an earlier request for a writer at "a" excludes a reader at "ac""#);
    // A call that does not wait does not look at them.
    assert_eq!(check(&ledger, b"ac", Reader), Ok(()));
    assert_eq!(
        ledger.waiters().collect::<Vec<_>>(),
        [(&b"a"[..], Writer), (&b"ac"[..], Reader), (&b"ac"[..], Reader)]
    );
    ledger.assert_settled();

    let mut granted = Vec::new();
    assert_eq!(ledger.leave(first, &mut granted), 1);
    assert_eq!(granted, [2, 4], "two readers do not exclude each other");
    assert!(!ledger.has_waiters() && !ledger.is_waiting(second));
    assert_eq!(ledger.readers().collect::<Vec<_>>(), [(&b"ab"[..], 1), (&b"ac"[..], 2)]);
    ledger.assert_settled();
}

#[test]
fn a_later_request_never_holds_an_earlier_one_up() {
    let mut ledger = ledger(&[("abc", Writer)]);
    for (path, kind, signal) in [(&b"abc"[..], Reader, 1), (b"abcd", Writer, 2), (b"", Writer, 3)] {
        assert!(ask(&mut ledger, path, kind, signal).is_some());
    }
    for (path, kind, next) in [(&b"abc"[..], Writer, 1), (b"abc", Reader, 2), (b"abcd", Writer, 3)] {
        let mut granted = Vec::new();
        ledger.remove(path, kind, &mut granted);
        assert_eq!(granted, [next]);
        ledger.assert_settled();
    }
}

/// A release looks only at the requests that it may grant, not at all that wait: each of these
/// watches the one before.
#[test]
fn waiters_for_one_path_form_a_chain() {
    let mut ledger = ledger(&[("p", Writer)]);
    let tickets: Vec<_> = (0..100).map(|i| ask(&mut ledger, b"p", Writer, i).unwrap()).collect();
    for pair in tickets.windows(2) {
        assert!(
            matches!(ledger.obstacle_of(pair[1]), Some(Obstacle::Request(ahead)) if ahead == pair[0]),
            "{:?}",
            ledger.obstacle_of(pair[1])
        );
    }
    for i in 0..100 {
        let mut granted = Vec::new();
        ledger.remove(b"p", Writer, &mut granted);
        assert_eq!(granted, [i]);
    }
}

/// The rule as it is documented for users, over a list.
#[derive(Default)]
struct Naive {
    living: Vec<(Vec<u8>, ZipperKind)>,
    waiting: Vec<((Ticket, usize), Vec<u8>, ZipperKind)>,
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

    /// Grants all requests that may pass, in order of arrival, and returns their signals.
    fn settle(&mut self) -> Vec<usize> {
        let (mut granted, mut place) = (Vec::new(), 0);
        while place < self.waiting.len() {
            if self.blocking_waiter(place).is_empty() {
                let ((_, signal), path, kind) = self.waiting.remove(place);
                self.living.push((path, kind));
                granted.push(signal);
            } else {
                place += 1;
            }
        }
        granted
    }

    fn longest_common_with_another_writer(&self, path: &[u8]) -> Option<usize> {
        let mut others: Vec<_> = self.living.iter().filter(|(_, kind)| *kind == Writer).cloned().collect();
        if let Some(own) = others.iter().position(|(held, _)| held == path) {
            others.remove(own);
        }
        Self { living: others, waiting: Vec::new() }.longest_common_with_writer(path)
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

/// Compares all answers of the two, about one path and about themselves.
fn compare_answers(ledger: &Ledger, naive: &Naive, path: Vec<u8>, kind: ZipperKind) {
    assert_verdict(ledger.check(&path, kind), &naive.blocking(&path, kind));
    assert_eq!(ledger.longest_common_with_writer(&path), naive.longest_common_with_writer(&path));
    assert_eq!(
        ledger.longest_common_with_another_writer(&path),
        naive.longest_common_with_another_writer(&path)
    );
    ledger.assert_settled();
    assert_eq!(ledger.is_written_at(&path), naive.living.contains(&(path.clone(), Writer)));
    assert_eq!(ledger.is_read_at(&path), naive.living.contains(&(path, Reader)));
    assert_eq!(ledger.is_idle(), naive.living.is_empty());
    assert_eq!(ledger.has_waiters(), !naive.waiting.is_empty());
    assert_eq!(ledger.readers().map(|(p, n)| (p.to_vec(), n)).collect::<Vec<_>>(), naive.counted(Reader));
    assert_eq!(ledger.writers().map(|(p, n)| (p.to_vec(), n)).collect::<Vec<_>>(), naive.counted(Writer));
    let waiting = naive.waiting.iter().map(|(_, path, kind)| (&**path, *kind));
    assert!(ledger.waiters().eq(waiting));
    for (place, ((ticket, _), ..)) in naive.waiting.iter().enumerate() {
        assert_verdict(Err(ledger.conflict(*ticket)), &naive.blocking_waiter(place));
    }
}

/// Random additions, removals and requests. After each step, every question that the ledger
/// answers is put to the model too.
fn compare_with_naive(seed: u64, steps: usize, most: usize, unchecked: bool) {
    let mut random = Random(seed);
    let mut ledger = Ledger::new();
    let mut naive = Naive::default();
    let (mut let_in, mut refused, mut signal) = (0, 0, 0);
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
                let mut granted = Vec::new();
                ledger.remove(&path, kind, &mut granted);
                assert_eq!(granted, naive.settle());
            }
            3 if naive.waiting.len() < 6 => {
                signal += 1;
                match ask(&mut ledger, &path, kind, signal) {
                    Some(ticket) => naive.waiting.push(((ticket, signal), path.clone(), kind)),
                    None => naive.living.push((path.clone(), kind)),
                }
                assert_eq!(naive.settle(), []);
            }
            4 if !naive.waiting.is_empty() => {
                let at = random.below(naive.waiting.len() as u64) as usize;
                let ((ticket, signal), ..) = naive.waiting.remove(at);
                let mut granted = Vec::new();
                assert_eq!(ledger.leave(ticket, &mut granted), signal);
                assert_eq!(granted, naive.settle());
            }
            _ => {}
        }
        compare_answers(&ledger, &naive, random.path(), random.kind());
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
