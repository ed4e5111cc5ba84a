#!/usr/bin/env bash
# Usage: eng/mutation.sh [--keep FOLDER] [--tests PATTERN[,PATTERN...]] [PIECE...]
# Changes the code of the vault and of the OAuth client a little, again and again, and runs their tests: a change that no test notices
# is a test that is missing. docs/testing.md says what is counted. A piece is a folder below Gateway/ (`Vault/Sealing`), a file pattern
# (`Vault/*.cs`), or several of Vault or of Outbound with commas between, tried in one run; without one all of Vault and Outbound, which takes
# hours. The last line is `mutation score PIECE N% ...`.
#   --keep FOLDER   where reports go; a folder of the account's cache otherwise
#   --tests PATTERN tries only with the tests in files of such names (`Refresh*,ConsentTests`): faster, and what only others notice counts as missed
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 SKIP_POSTGRESQL=1

version=5.1.0
cache="${XDG_CACHE_HOME:-$HOME/.cache}/aspire-gateway"
reports="$cache/mutation-reports"
pieces=() tests=('*')
while [ $# -gt 0 ]; do
  case "$1" in
    --keep) reports=$(realpath -m "${2:?folder}") && shift 2 ;;
    --tests) IFS=, read -ra tests <<<"${2:?names of test files}" && shift 2 ;;
    -*) sed -n '2,9s/^# //p' "$0" && exit 64 ;;
    *) pieces+=("$1") && shift ;;
  esac
done
[ ${#pieces[@]} -gt 0 ] || pieces=(Vault Outbound)

# Not one of the repository's own tools: whoever only builds does not have to fetch it.
stryker="$cache/stryker-$version/dotnet-stryker"
if [ ! -x "$stryker" ]; then
  echo "installing dotnet-stryker $version"
  dotnet tool install dotnet-stryker --version "$version" --tool-path "$(dirname "$stryker")" >/dev/null || {
    echo "mutation tests skipped: dotnet-stryker $version cannot be had here"
    exit 0
  }
fi

# In a copy, with the tests of one folder only: every one of them is run alone once, to learn what it reaches.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
prepare() {
  rm -rf "${copy:?}/repo" && mkdir -p "$copy/repo"
  git ls-files -coz --exclude-standard | xargs -0 cp --parents -t "$copy/repo" 2>/dev/null
  local project="$copy/repo/tests/Gateway.Tests" folder
  for folder in "$project"/*/; do
    case "$(basename "$folder")" in
      Hosting | "$1") ;;
      Vault) find "$folder" -maxdepth 1 -name '*.cs' -delete ;;
      bin | obj) ;;
      *) rm -rf "$folder" ;;
    esac
  done
  only_wanted "$project/$1"
}

# Files without tests are what the others are written with: they stay.
only_wanted() {
  local file wanted
  while IFS= read -r file; do
    for wanted in "${tests[@]}"; do
      # shellcheck disable=SC2053 # a pattern
      [[ $(basename "$file" .cs) == $wanted ]] && continue 2
    done
    rm "$file"
  done < <(grep -lrE --include='*.cs' '^ *\[(Fact|Theory)\b' "$1")
}

patterns() {
  local part parts
  IFS=, read -ra parts <<<"$1"
  for part in "${parts[@]}"; do
    case "$part" in *.cs) ;; *) part="$part/**/*.cs" ;; esac
    printf '"**/Gateway/%s", ' "$part"
  done
}

# Killed and timed-out mutants of all that the tests could have noticed.
score() {
  python3 - "$1" "$2" <<'PYTHON'
import collections, json, sys

piece, path = sys.argv[1:]
counts = collections.Counter(
    mutant["status"] for file in json.load(open(path))["files"].values() for mutant in file["mutants"]
)
found, missed = counts["Killed"] + counts["Timeout"], counts["Survived"] + counts["NoCoverage"]
share = 100 * found / (found + missed) if found + missed else 0
print(
    f"mutation score {piece} {share:.1f}% (killed {counts['Killed']}, timeout {counts['Timeout']}, "
    f"survived {counts['Survived']}, not covered {counts['NoCoverage']})"
)
PYTHON
}

failed=0 results=()
for piece in "${pieces[@]}"; do
  prepare "${piece%%/*}"
  name=${piece//[\/*,]/_}
  name=${name:0:120}
  mkdir -p "$reports"
  rm -rf "${reports:?}/$name"
  cat >"$copy/config.json" <<CONFIG
{
  "stryker-config": {
    "project": "Gateway.csproj",
    "test-runner": "mtp",
    "concurrency": 1,
    "coverage-analysis": "perTest",
    "additional-timeout": 30000,
    "mutate": [$(patterns "$piece")"!**/Migrations/**", "!**/Postgres*.cs", "!**/VaultContext.cs", "!**/Log.cs", "!**/*Extensions.cs"],
    "ignore-mutations": ["string"],
    "ignore-methods": ["*Log*", "*logger*", "ThrowIfCancellationRequested"],
    "reporters": ["json", "cleartext"]
  }
}
CONFIG
  echo "== $piece"
  (cd "$copy/repo/tests/Gateway.Tests" && nice "$stryker" -f "$copy/config.json" --skip-version-check --output "$reports/$name" >"$reports/$name.log" 2>&1)
  report="$reports/$name/reports/mutation-report.json"
  if [ -f "$report" ]; then
    results+=("$(score "$piece" "$report")")
  else
    tail -5 "$reports/$name.log"
    results+=("mutation score $piece unknown: $reports/$name.log says why")
    failed=1
  fi
done
printf '%s\n' "${results[@]}"
exit $failed
