#!/usr/bin/env bash
# Runs each fuzz test of the tree for the time given, one after another, since
# the go command fuzzes one at a time.
set -euo pipefail
time=${1:-10s}
cd "$(dirname "$0")/.."
found=0
while IFS=: read -r file name; do
  found=$((found + 1))
  echo "fuzz $name in $(dirname "$file") for $time"
  "${GO:-go}" test -tags "${TAGS:-sqlite_fts5}" -run '^$' -fuzz "^$name\$" -fuzztime "$time" "./$(dirname "$file")" | grep -v '^fuzz: elapsed' || exit 1
done < <(grep -rnoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sed -E 's|^\./||; s|:[0-9]+:func |:|' | sort)
[ "$found" -gt 0 ] || { echo "no fuzz test found"; exit 1; }
