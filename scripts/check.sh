#!/usr/bin/env bash
# Runs all checks that a change must pass. It can be run from any directory, and installs nothing.
#
# It uses the stable toolchain, and a nightly toolchain for the sanitizers if one is installed.
# Checks that cannot run on this machine are skipped, and listed at the end.
#
# BYTETRIE_PROGRAMS sets the number of random programs of each property in the normal run, and
# BYTETRIE_SANITIZER_PROGRAMS (default 500) sets it for the sanitizers. With BYTETRIE_LONG=1, checks
# that only rarely find anything new take longer, or are run at all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Flags from the environment would rebuild everything, with other settings than those checked here.
unset RUSTFLAGS RUSTDOCFLAGS CARGO_ENCODED_RUSTFLAGS
target="${CARGO_TARGET_DIR:-target}"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"
long="${BYTETRIE_LONG:-}"
stress_seconds=${long:+60}
stress_seconds=${stress_seconds:-20}
skipped=()
examples=(--package bytetrie-examples --package bytetrie-kv --package bytetrie-pack --package bytetrie-scan --package bytetrie-search)

# step NAME COMMAND...: runs the command, and prints the name before it and the elapsed time after
# it.
step() {
    local name=$1 start=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    if ! "$@"; then
        printf '\n== FAILED: %s (after %d s)\n' "$name" $((SECONDS - start)) >&2
        exit 1
    fi
    printf '== %s: ok, %d s\n' "$name" $((SECONDS - start))
}

# skip NAME REASON: reports a check that is not run, now and at the end.
skip() {
    printf '\n== %s: SKIPPED, %s\n' "$1" "$2"
    skipped+=("$1: $2")
}

step "format" cargo fmt --all --check
step "clippy" cargo clippy --quiet --all-targets -- -D warnings
# As dependents build the library: without the features that its own tests turn on.
step "clippy, no features" cargo clippy --quiet --lib -- -D warnings
step "clippy, without the derive macro" cargo clippy --quiet --lib --no-default-features -- -D warnings
step "clippy, the derive macro" cargo clippy --quiet --package bytetrie-derive --all-targets -- -D warnings
for feature in arena_compact fst mmap random rayon regex serde serialization viz; do
    step "clippy, feature $feature" cargo clippy --quiet --lib --features "$feature" -- -D warnings
done
step "clippy, the examples" cargo clippy --quiet "${examples[@]}" --all-targets -- -D warnings
step "clippy, the tests of serde" cargo clippy --quiet --package bytetrie-serde-tests --all-targets -- -D warnings
step "clippy, the benches" cargo clippy --quiet --package bytetrie-benches --all-targets --features rayon -- -D warnings
step "tests" cargo test
step "tests, the derive macro" cargo test --package bytetrie-derive
step "tests, the examples" cargo test --package bytetrie-kv --package bytetrie-pack --package bytetrie-scan --package bytetrie-search
step "tests, serde" cargo test --package bytetrie-serde-tests
[[ -z $long ]] || step "damaged files" env BYTETRIE_FUZZ_FILES=10000000 cargo test --profile checked --test fuzz
step "model tests, optimized" cargo test --profile checked --test model -- programs:: shapes::
# Stress tests that must not hang: heads, and published maps whose updates steal each other's work.
step "heads under stress" env BYTETRIE_STRESS_SECONDS="$stress_seconds" cargo test --profile checked --test heads -- stress::
step "published maps under stress" env BYTETRIE_STRESS_SECONDS="$stress_seconds" \
    cargo test --profile checked --test rayon -- published::
# A program that writes a store is killed at random moments, and loses nothing that it acknowledged.
[[ -z $long ]] || step "kills" env BYTETRIE_KILLS=600 cargo test --profile checked --package bytetrie-kv -- kills::
step "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --features rayon \
    --package bytetrie --package bytetrie-derive
# As docs.rs builds it: with all features, shown at the items that need them.
if cargo +nightly --version >/dev/null 2>&1; then
    step "documentation, as on docs.rs" env RUSTDOCFLAGS="--cfg docsrs -D warnings" \
        cargo +nightly doc --quiet --no-deps --target-dir "$target/docsrs" --package bytetrie \
        --features arena_compact,derive,fst,mmap,nightly,random,rayon,regex,serde,serialization,testing,viz
    step "the coroutine" env CARGO_TARGET_DIR="$target/nightly" \
        cargo +nightly test --features nightly --test paths -- coroutine::
    step "the examples of coroutines" env CARGO_TARGET_DIR="$target/nightly" \
        cargo +nightly test --quiet --features nightly --doc -- paths_serialization arena_compact
else
    skip "documentation, as on docs.rs, and the coroutine" "no nightly toolchain is installed"
fi

step "main job" cargo run --quiet --release --example parallel_copy -- --compare
step "main job on real input" cargo run --quiet --release --example parallel_copy -- --paths . --threads 2
step "tour" cargo run --quiet --release --example tour
step "search" cargo run --quiet --release --package bytetrie-search
# The store is new each time, and removed at the end.
kv() {
    local dir
    dir=$(mktemp -d)
    printf 'put apple green\nput pear yellow\ndel apple\nscan\ndiff 1\nhistory\ncompact --keep 1\n' |
        cargo run --quiet --release --package bytetrie-kv -- "$dir/fruit.kv" && rm -r "$dir"
}
step "kv" kv
step "scan" cargo run --quiet --release --package bytetrie-scan -- src --dirs --format tree

# Models every interleaving of the ledger, and of the count of a parallel walk. It uses a separate
# target directory, because the flag rebuilds everything.
step "loom" env RUSTFLAGS="--cfg loom" CARGO_TARGET_DIR="$target/loom" cargo test --release --lib loom_

# The comparison needs target features that some machines lack, a C compiler for jemalloc, and cmake
# for pathmap's zlib.
if command -v cc >/dev/null && command -v cmake >/dev/null && grep -qw aes /proc/cpuinfo 2>/dev/null; then
    step "comparison compiles" env RUSTFLAGS="-C target-cpu=native" CARGO_TARGET_DIR="$target/compare" \
        cargo clippy --quiet --release --package bytetrie-compare --all-targets -- -D warnings
    step "streams of paths, with pathmap" env RUSTFLAGS="-C target-cpu=native" CARGO_TARGET_DIR="$target/compare" \
        cargo test --release --package bytetrie-compare --test paths
    step "files of tries, with pathmap" env RUSTFLAGS="-C target-cpu=native" CARGO_TARGET_DIR="$target/compare" \
        cargo test --release --package bytetrie-compare --test arena
    [[ -z $long ]] || step "feature jemalloc" env CARGO_TARGET_DIR="$target" cargo test --quiet --features jemalloc --test compat -- seed::
else
    skip "comparison and jemalloc" "they require a C compiler, cmake and a CPU with AES"
fi

# The sanitizers check the core and the heads. The standard library is not rebuilt, so its sources
# need not be installed.
#
# This limits the thread sanitizer. It does not see the synchronization in precompiled parts of the
# standard library (the waiting side of a Mutex, the end of a thread::scope), and it does not
# support fences, which Arc uses when it is freed. Therefore:
# - the flag `--cfg tsan` makes the crate's locks show their order by additional atomics;
# - tests join their threads by handle;
# - reports about the Arcs and channels of the standard library and of the test harness are
#   suppressed below;
# - so are reports about three Arcs of this crate, where their last owner frees them: those around
#   a published map, around the seat of a waiting writer, and around the bell of a thread that
#   waits for a zipper.
sanitizer() { # NAME FLAGS TEST-ARGUMENTS...
    local name=$1 flags=$2
    shift 2
    step "$name sanitizer: $*" env RUSTFLAGS="$flags" CARGO_TARGET_DIR="$target/$name" \
        BYTETRIE_PROGRAMS="${BYTETRIE_SANITIZER_PROGRAMS:-500}" \
        cargo +nightly test --target x86_64-unknown-linux-gnu "$@"
}
if ! cargo +nightly --version >/dev/null 2>&1; then
    skip "sanitizers" "no nightly toolchain is installed"
elif [[ "$(uname -sm)" != "Linux x86_64" ]]; then
    skip "sanitizers" "they are only set up for 64-bit x86 Linux"
else
    sanitizer address "-Zsanitizer=address" --test model --test algebra --test api --test folds --test values -- \
        programs:: unseen:: regressions:: laws:: iterators:: retain:: merkleize:: counts::
    sanitizer address "-Zsanitizer=address" --test fuzz
    # Panics and forgotten zippers leak by design, and some of these tests cause them.
    ASAN_OPTIONS=detect_leaks=0 sanitizer address "-Zsanitizer=address" --lib --test heads --test published
    ASAN_OPTIONS=detect_leaks=0 sanitizer address "-Zsanitizer=address" --test values -- panics:: hostile::
    ASAN_OPTIONS=detect_leaks=0 sanitizer address "-Zsanitizer=address" --test rayon

    mkdir -p "$target/thread"
    suppressions=$(cd "$target/thread" && pwd)/suppressions
    cat >"$suppressions" <<'EOF'
race:<alloc::sync::Arc<std::thread::*
race:alloc::sync::Weak<std::thread::*
race:<alloc::sync::Arc<std::sync::mpmc::*
race:<std::sync::mpmc::*
race:Mutex<core::option::Option<test::run_test
race:<alloc::sync::Arc<bytetrie::trie::map::PathMap<*::drop_slow
race:<alloc::sync::Arc<bytetrie::published::turns::Seat*::drop_slow
race:<alloc::sync::Arc<bytetrie::sync::Bell>>::drop_slow
race:<alloc::sync::Arc<*block_on::Unpark>>::drop_slow
EOF
    TSAN_OPTIONS="suppressions=\"$suppressions\"" sanitizer thread \
        "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer --cfg tsan" \
        --test heads --test parallel --test published -- \
        --skip panics:: --skip values:: --skip started:: --skip updates::
fi

printf '\n== all checks passed in %d s\n' "$SECONDS"
for what in ${skipped[@]+"${skipped[@]}"}; do
    printf '== skipped: %s\n' "$what"
done
