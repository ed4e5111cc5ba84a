#!/usr/bin/env bash
# Usage: eng/ask-again.sh FOLDER
# Runs the tests that failed in the .trx files of FOLDER once more, alone. Exit 0 when each of a few passed now: then what failed was a
# test beside others on a busy machine, and eng/sum-results.sh names it. Many failures are no accident, and are not asked again.
set -uo pipefail
most=5
failed() { grep -ho '<UnitTestResult [^>]*outcome="Failed"' "$@" | sed -E 's/.*testName="([^"(]*)[^"]*".*/\1/' | sort -u; }

shopt -s nullglob
files=("$1"/*.trx)
[ ${#files[@]} -gt 0 ] || exit 1
mapfile -t names < <(failed "${files[@]}")
if [ ${#names[@]} -eq 0 ] || [ ${#names[@]} -gt $most ]; then
  exit 1
fi

status=0
mkdir -p "$1/again"
for file in "${files[@]}"; do
  mapfile -t names < <(failed "$file")
  [ ${#names[@]} -gt 0 ] || continue
  assembly=$(grep -o 'codeBase="[^"]*"' "$file" | head -1 | cut -d'"' -f2)
  echo "once more, alone: ${names[*]}"
  dotnet "$assembly" --filter-method "${names[@]}" --report-trx --results-directory "$1/again" || status=1
done
exit $status
