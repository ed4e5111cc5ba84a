#!/usr/bin/env bash
# Usage: eng/sum-results.sh FOLDER FAILED_STEPS
# Sums the counters of the .trx files in FOLDER; each failed step counts as one failure. What failed is named first, and what failed beside
# others and passed alone (FOLDER/again, of eng/ask-again.sh), which counts as passed. Exit 1 when anything failed or nothing ran.
set -uo pipefail
passed=0 failed=$2 skipped=0
results() { find "$1" -maxdepth 1 -name '*.trx' 2>/dev/null; }
named() { results "$1" | xargs -r grep -ho "<UnitTestResult [^>]*outcome=\"$2\"" | sed -E 's/.*testName="([^"]*)".*/\1/' | sort -u; }
while IFS= read -r file; do
  counters=$(grep -o '<Counters [^>]*>' "$file" | head -1)
  count() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$counters"; }
  passed=$((passed + $(count passed)))
  failed=$((failed + $(count failed) + $(count error) + $(count timeout)))
  skipped=$((skipped + $(count total) - $(count executed)))
done < <(results "$1")
while IFS= read -r name; do
  [ -n "$name" ] || continue
  if grep -qxF "$name" <(named "$1/again" Passed); then
    echo "failed beside others, passed alone: $name"
    passed=$((passed + 1)) failed=$((failed - 1))
  else
    echo "failed: $name"
  fi
done < <(named "$1" Failed)
if [ $((passed + failed)) -eq 0 ]; then
  echo "no test ran"
  failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
