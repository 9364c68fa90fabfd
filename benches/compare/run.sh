#!/usr/bin/env bash
# Builds and runs the comparison with the same flags for every peer. Arguments go to the program: try --help.
#
# The flags are set here, for the whole run, because pathmap does not build without AES and SSE2 as target features;
# bytetrie and the others gain what they can from the same flags.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export RUSTFLAGS="${RUSTFLAGS:--C target-cpu=native}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/compare"
exec cargo run --release --quiet --package bytetrie-compare -- "$@"
