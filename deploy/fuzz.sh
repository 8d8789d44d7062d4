#!/usr/bin/env bash
# Runs each fuzz test of the tree for the time given: one on each processor at a
# time, since the go command fuzzes one at a time. What one of them says is shown
# when it has ended. Without a bound on making an input smaller, the first new one of
# the fuzz tests of pages, whose inputs are large, would take all of their time.
set -euo pipefail
export time=${1:-10s} GO=${GO:-go} TAGS=${TAGS:-sqlite_fts5}
cd "$(dirname "$0")/.."

one() {
  local dir name said bound=60s
  dir=$(dirname "${1%%:*}") name=${1##*:}
  [ "$dir" != crawler/extract ] || bound=10x
  for try in 1 2; do
    said=$("$GO" test -tags "$TAGS" -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime "$bound" -parallel 1 "./$dir" 2>&1) && failed=0 || failed=1
    # the go command may take the end of its own time for a failure; a real one has an input
    { [ $failed = 1 ] && grep -q 'context deadline exceeded' <<< "$said" && ! grep -q 'Failing input' <<< "$said"; } || break
  done
  echo "fuzz $name in $dir for $time"
  grep -v '^fuzz: elapsed' <<< "$said" || true
  return $failed
}
export -f one

tests=$(grep -rnoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sed -E 's|^\./||; s|:[0-9]+:func |:|' | sort)
[ -n "$tests" ] || { echo "no fuzz test found"; exit 1; }
xargs -P "$(getconf _NPROCESSORS_ONLN)" -I{} bash -c 'one {}' <<< "$tests"
