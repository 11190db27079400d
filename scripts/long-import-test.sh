#!/usr/bin/env bash
# The long form of the kill test: a workbook of 100,000 rows, the program killed 20 times on the way, on SQLite and on PostgreSQL; then its
# speed beside bare inserts. Prints the figures; fails when the killed import does not end as an undisturbed one.
#
#   scripts/long-import-test.sh [rows] [kills]
set -euo pipefail
cd "$(dirname "$0")/.."

rows="${1:-100000}"
kills="${2:-20}"

cargo build --release --locked --package kartoteka
export KARTOTEKA_KILL_ROWS="$rows" KARTOTEKA_KILLS="$kills"
export KARTOTEKA_KILL_BINARY="$PWD/${CARGO_TARGET_DIR:-target}/release/kartoteka"
case "${CARGO_TARGET_DIR:-}" in /*) KARTOTEKA_KILL_BINARY="$CARGO_TARGET_DIR/release/kartoteka" ;; esac

cargo test --release --locked --package kartoteka --test it -- --nocapture an_import_killed_on_the_way
"$KARTOTEKA_KILL_BINARY" bench --contacts "$rows" --import-rows "$rows"
