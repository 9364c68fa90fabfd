//! A published map: the cost of loading it, alone and while a writer commits, and of updating it,
//! compared with a `Mutex` and an `RwLock` around an `Arc` of the map.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, RwLock};
use std::thread;
use std::time::Duration;

use bytetrie::testing::keys;
use bytetrie::{PathMap, SharedMap};
use criterion::Criterion;

type Map = PathMap<u64>;

/// A way to publish a map.
trait Publishes: From<Map> + Sync {
    const NAME: &str;

    /// Loads the map and reads one value.
    fn read(&self, path: &[u8]) -> Option<u64>;

    /// Loads the map to keep it.
    fn keep(&self) -> impl Sized;

    /// Publishes the map with one more value.
    fn write(&self, path: &[u8], value: u64);
}

impl Publishes for SharedMap<u64> {
    const NAME: &str = "SharedMap";

    fn read(&self, path: &[u8]) -> Option<u64> {
        self.load().get(path).copied()
    }

    fn keep(&self) -> impl Sized {
        self.load()
    }

    fn write(&self, path: &[u8], value: u64) {
        self.update(|map| map.insert(path, value));
    }
}

struct InMutex(Mutex<Arc<Map>>);

impl From<Map> for InMutex {
    fn from(map: Map) -> Self {
        Self(Mutex::new(Arc::new(map)))
    }
}

impl Publishes for InMutex {
    const NAME: &str = "Mutex<Arc>";

    fn read(&self, path: &[u8]) -> Option<u64> {
        let map = self.0.lock().expect("no holder of the lock panics").clone();
        map.get(path).copied()
    }

    fn keep(&self) -> impl Sized {
        self.0.lock().expect("no holder of the lock panics").clone()
    }

    fn write(&self, path: &[u8], value: u64) {
        let mut slot = self.0.lock().expect("no holder of the lock panics");
        let mut map = Map::clone(&slot);
        map.insert(path, value);
        let _old = std::mem::replace(&mut *slot, Arc::new(map));
        drop(slot);
    }
}

struct InRwLock(RwLock<Arc<Map>>);

impl From<Map> for InRwLock {
    fn from(map: Map) -> Self {
        Self(RwLock::new(Arc::new(map)))
    }
}

impl Publishes for InRwLock {
    const NAME: &str = "RwLock<Arc>";

    fn read(&self, path: &[u8]) -> Option<u64> {
        self.0.read().expect("no holder of the lock panics").get(path).copied()
    }

    fn keep(&self) -> impl Sized {
        self.0.read().expect("no holder of the lock panics").clone()
    }

    fn write(&self, path: &[u8], value: u64) {
        let mut slot = self.0.write().expect("no holder of the lock panics");
        let mut map = Map::clone(&slot);
        map.insert(path, value);
        let _old = std::mem::replace(&mut *slot, Arc::new(map));
        drop(slot);
    }
}

/// Runs `work` while another thread writes without a pause, and returns the number of writes.
fn beside_a_writer<P: Publishes>(shared: &P, words: &[Vec<u8>], work: impl FnOnce()) -> u64 {
    let (over, writes) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            for (i, word) in words.iter().cycle().enumerate() {
                if over.load(Relaxed) {
                    break;
                }
                shared.write(word, i as u64);
                writes.fetch_add(1, Relaxed);
            }
        });
        work();
        over.store(true, Relaxed);
    });
    writes.into_inner()
}

fn publication<P: Publishes>(criterion: &mut Criterion, words: &[Vec<u8>]) {
    let map: Map = words.iter().enumerate().map(|(i, word)| (word, i as u64)).collect();
    let (shared, path) = (P::from(map), &words[words.len() / 2]);
    let mut group = criterion.benchmark_group(format!("shared_map/{}", P::NAME));
    let mut reads = |suffix: &str| {
        group.bench_function(format!("load{suffix}"), |bencher| bencher.iter(|| drop(shared.keep())));
        group.bench_function(format!("load and get{suffix}"), |bencher| {
            bencher.iter(|| shared.read(black_box(path)));
        });
    };
    reads("");
    let writes = beside_a_writer(&shared, words, || reads(", beside a writer"));
    eprintln!("shared_map/{}: {writes} writes in the meantime", P::NAME);
    let held: Vec<_> = (0..4).map(|_| shared.keep()).collect();
    group.bench_function("load, holding four", |bencher| bencher.iter(|| drop(shared.keep())));
    drop(held);
    let mut next = 0u64;
    group.bench_function("update of one value", |bencher| {
        bencher.iter(|| {
            next += 1;
            shared.write(&words[next as usize % words.len()], next);
        });
    });
    group.finish();
}

/// Measures commits of a finished job, beside no other changes, changes in another part of the
/// map, or changes at other paths in the same part.
fn commits(criterion: &mut Criterion, words: &[Vec<u8>]) {
    let map: Map = words.iter().enumerate().map(|(i, word)| (word, i as u64)).collect();
    let mut group = criterion.benchmark_group("shared_map/commit");
    let mut job = map.clone();
    for (i, word) in words.iter().step_by(100).enumerate() {
        job.insert([word.as_slice(), b"/new"].concat(), i as u64);
    }
    let changes = words.len().div_ceil(100);
    let theirs: [(&str, Map); 3] = [
        ("no other changes", map.clone()),
        ("one other value", {
            let mut theirs = map.clone();
            theirs.insert("elsewhere", 1);
            theirs
        }),
        ("an equal number of other values", {
            let mut theirs = map.clone();
            for word in words.iter().skip(50).step_by(100) {
                theirs.insert([word.as_slice(), b"/theirs"].concat(), 1);
            }
            theirs
        }),
    ];
    for (name, theirs) in theirs {
        group.bench_function(format!("{changes} new values, {name}"), |bencher| {
            bencher.iter_batched(
                || SharedMap::from(theirs.clone()),
                |shared| shared.try_commit(&map, job.clone()).expect("nothing conflicts"),
                criterion::BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn main() {
    let words = keys::words(100_000, 1);
    let mut criterion = Criterion::default().warm_up_time(Duration::from_secs(1)).configure_from_args();
    publication::<SharedMap<u64>>(&mut criterion, &words);
    publication::<InMutex>(&mut criterion, &words);
    publication::<InRwLock>(&mut criterion, &words);
    commits(&mut criterion, &words);
    criterion.final_summary();
}
