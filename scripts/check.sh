#!/usr/bin/env bash
# Everything that must hold before a change is kept. Run it from anywhere; it installs nothing.
#
# It uses the stable toolchain, and a nightly one for the sanitizers where one is installed; what it cannot run here
# it skips, and says so. BYTETRIE_PROGRAMS is the number of random programs in the model tests of the normal run, and
# BYTETRIE_STRESS_SECONDS is how long the stress of shared maps takes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Flags from outside would build everything anew, and differently from what is checked here.
unset RUSTFLAGS RUSTDOCFLAGS CARGO_ENCODED_RUSTFLAGS
target="${CARGO_TARGET_DIR:-target}"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"
skipped=()

# step NAME COMMAND...: runs the command, prints its name before and its time after.
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

# skip NAME REASON: says what is not run, now and at the end.
skip() {
    printf '\n== %s: SKIPPED, %s\n' "$1" "$2"
    skipped+=("$1: $2")
}

step "format" cargo fmt --all --check
step "clippy" cargo clippy --quiet --all-targets -- -D warnings
# As those see it who depend on the library: without the features that its own tests turn on.
step "clippy, no features" cargo clippy --quiet --lib -- -D warnings
step "clippy, without the derive macro" cargo clippy --quiet --lib --no-default-features -- -D warnings
step "clippy, the derive macro" cargo clippy --quiet --package bytetrie-derive --all-targets -- -D warnings
for feature in regex fst random viz; do
    step "clippy, feature $feature" cargo clippy --quiet --lib --features "$feature" -- -D warnings
done
step "clippy, rayon" cargo clippy --quiet --all-targets --features rayon -- -D warnings
step "tests" cargo test
step "tests, the derive macro" cargo test --package bytetrie-derive
step "tests, rayon" cargo test --features rayon --test rayon --test rayon_default --test shared_map_rayon
step "documentation's examples, rayon" cargo test --quiet --features rayon --doc -- rayon snapshots
step "model tests, optimized" cargo test --release --test programs --test shapes
# Without a hang: a minute of heads, and a minute of published maps whose updates steal each other's work.
step "heads under stress" env BYTETRIE_STRESS_SECONDS=60 cargo test --release --test head_stress
step "published maps under stress" env BYTETRIE_STRESS_SECONDS=60 \
    cargo test --release --features rayon --test shared_map_rayon
step "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --features rayon \
    --package bytetrie --package bytetrie-derive
# As docs.rs builds it: with all features, each shown at the items that need it.
if cargo +nightly --version >/dev/null 2>&1; then
    step "documentation, as on docs.rs" env RUSTDOCFLAGS="--cfg docsrs -D warnings" \
        cargo +nightly doc --quiet --no-deps --target-dir "$target/docsrs" --package bytetrie \
        --features derive,fst,random,rayon,regex,testing,viz
else
    skip "documentation, as on docs.rs" "no nightly toolchain is installed"
fi

step "main job" cargo run --quiet --release --example parallel_copy -- --compare
step "main job on real input" cargo run --quiet --release --example parallel_copy -- --paths . --threads 2
step "tour" cargo run --quiet --release --example tour
step "search" cargo run --quiet --release --example search
step "scan" cargo run --quiet --release --example scan -- src --dirs --format tree

# Models every interleaving of the ledger, and of the count of a parallel walk. In a directory of its own, as the flag rebuilds everything.
step "loom" env RUSTFLAGS="--cfg loom" CARGO_TARGET_DIR="$target/loom" cargo test --release --lib loom_

# The comparison needs target features that not every machine has, and a C compiler for jemalloc.
if command -v cc >/dev/null && grep -qw aes /proc/cpuinfo 2>/dev/null; then
    step "comparison compiles" env RUSTFLAGS="-C target-cpu=native" CARGO_TARGET_DIR="$target/compare" \
        cargo clippy --quiet --release --package bytetrie-compare -- -D warnings
    step "feature jemalloc" env CARGO_TARGET_DIR="$target" cargo test --quiet --features jemalloc --test seed
else
    skip "comparison and jemalloc" "they need a C compiler and a CPU with AES"
fi

# The sanitizers see the core and the heads. The standard library is not rebuilt: its sources need not be installed.
#
# For the thread sanitizer that has a price. It does not see what the library's precompiled parts do (the waiting side of
# a Mutex, the end of a thread::scope), and it knows no fences (which Arc frees by). The flag `--cfg tsan` tells the
# crate's locks to show their order with an atomic of their own; tests join their threads by handle; and the library's
# own Arcs and channels, and the test harness's, are suppressed below. Of this crate's only the Arcs around a published map,
# around a waiting writer's seat, and around the bell of a thread that waits for a zipper are, where their last owner frees
# them: whoever lets go of an Arc shows that to the last one by a fence.
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
    skip "sanitizers" "they are set up for 64-bit x86 Linux only"
else
    sanitizer address "-Zsanitizer=address" --test programs --test programs_unseen --test algebra_laws --test values \
        --test regressions --test merkleize --test iterators --test retain
    # Panics and forgotten zippers leak by design, and some of these tests make them.
    ASAN_OPTIONS=detect_leaks=0 sanitizer address "-Zsanitizer=address" --lib --test heads --test head_threads \
        --test head_values --test head_panics --test head_futures --test head_stress --test panics \
        --test hostile_values --test shared_map --test shared_map_threads
    ASAN_OPTIONS=detect_leaks=0 sanitizer address "-Zsanitizer=address" --features rayon --test rayon \
        --test shared_map_rayon

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
        --test heads --test head_threads --test head_futures --test head_stress --test parallel --test walk \
        --test parallel_folds \
        --test shared_map_threads
fi

printf '\n== all checks passed in %d s\n' "$SECONDS"
for what in ${skipped[@]+"${skipped[@]}"}; do
    printf '== skipped: %s\n' "$what"
done
