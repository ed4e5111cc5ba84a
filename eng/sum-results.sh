#!/usr/bin/env bash
# Usage: eng/sum-results.sh FOLDER FAILED_STEPS
# Sums the counters of all .trx files below FOLDER; each failed step counts as one failure. Exit 1 when anything failed or nothing ran.
set -uo pipefail
passed=0 failed=$2 skipped=0
while IFS= read -r file; do
  counters=$(grep -o '<Counters [^>]*>' "$file" | head -1)
  count() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$counters"; }
  passed=$((passed + $(count passed)))
  failed=$((failed + $(count failed) + $(count error) + $(count timeout)))
  skipped=$((skipped + $(count total) - $(count executed)))
done < <(find "$1" -name '*.trx')
if [ $((passed + failed)) -eq 0 ]; then
  echo "no test ran"
  failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
