#!/usr/bin/env bash
# Builds and runs the comparison, with equal flags for every peer. Arguments are passed to the
# program: try --help.
#
# The flags are set here, for the whole run, because pathmap requires AES and SSE2 as target
# features to build. All other peers are compiled with these flags too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export RUSTFLAGS="${RUSTFLAGS:--C target-cpu=native}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/compare"
exec cargo run --release --quiet --package bytetrie-compare -- "$@"
