#!/usr/bin/env bash
# Usage: eng/conformance.sh client [--only TEXT] [--keep FOLDER]
# Runs the official MCP conformance suite against the gateway; docs/conformance.md says what that means. One line for each
# scenario; the last line is `client-auth 2026-07-28 N/25, 2025-11-25 N/14`. Exit 1 when a number is lower than recorded below,
# exit 0 with the reason as last line where the suite cannot be had (no npm, no registry).
#   --only TEXT     only scenarios whose name contains TEXT; then nothing is compared
#   --keep FOLDER   keeps what the suite and the gateway said, a folder for each scenario
set -uo pipefail
cd "$(dirname "$0")/.."
# Processes that live for seconds do not repay what measuring them costs.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_TieredPGO=0

suite_version=0.2.0-alpha.12
oldest_node=22
node_package=node@24
# What must pass at least, of how many that the suite requires.
declare -A recorded=([client:2026-07-28]=25 [client:2025-11-25]=14)
declare -A required=([client:2026-07-28]=25 [client:2025-11-25]=14)

usage() {
  echo "usage: eng/conformance.sh client [--only TEXT] [--keep FOLDER]"
  exit 64
}

role=${1:-}
[ "$role" = client ] || usage
shift
only="" keep=""
while [ $# -gt 0 ]; do
  case "$1" in
    --only) only=${2:?text} && shift 2 ;;
    --keep) keep=${2:?folder} && shift 2 ;;
    *) usage ;;
  esac
done

skip() {
  echo "conformance skipped: $1"
  exit 0
}

is_new_enough() {
  [ "$("$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge "$oldest_node" ]
}

# The suite, and a Node.js for it where this machine's is too old, go into the account's cache.
install_suite() {
  local cache="${XDG_CACHE_HOME:-$HOME/.cache}/aspire-gateway"
  home="$cache/conformance-$suite_version"
  suite="$home/node_modules/@modelcontextprotocol/conformance"
  if [ ! -f "$suite/dist/index.js" ]; then
    command -v npm >/dev/null || skip "there is no npm here"
    echo "installing the conformance suite $suite_version"
    mkdir -p "$cache"
    local fresh packages=("@modelcontextprotocol/conformance@$suite_version")
    is_new_enough node || packages+=("$node_package")
    fresh=$(mktemp -d -p "$cache")
    if ! (cd "$fresh" && timeout 300 npm install --no-audit --no-fund --loglevel=error "${packages[@]}" >npm.log 2>&1 && install_node); then
      tail -3 "$fresh/npm.log"
      rm -rf "$fresh"
      skip "npm could not install the suite"
    fi
    # Somebody else may have been faster.
    mv -T "$fresh" "$home" 2>/dev/null || rm -rf "$fresh"
  fi

  node="$home/node_modules/node/bin/node"
  [ -x "$node" ] || node=node
  is_new_enough "$node" || skip "the suite needs Node.js $oldest_node or newer, and there is none here"
}

# npm may be set up to run no scripts of packages; this one's fetches the program.
install_node() {
  [ ! -d node_modules/node ] || [ -x node_modules/node/bin/node ] || (cd node_modules/node && node installArchSpecificPackage.js >/dev/null 2>&1)
}

# Names of the scenarios that a revision requires, from the suite's own list.
scenarios() {
  awk -v role="$role:" '/^[a-z_]+:/ { inside = ($1 == role) } inside && $1 == "-" { print $2 }' "$suite/requirements/$1.yaml" |
    grep '^auth/'
}

# run_client REVISION SCENARIO
run_client() {
  "$node" "$suite/dist/index.js" client --command "dotnet $driver client" --scenario "$2" --spec-version "$1" \
    --timeout 120000 --output-dir "$results" >"$log" 2>&1 && ! grep -q '^SKIPPED' "$log"
}

run_revision() {
  local revision=$1 passed=0 name started
  for name in $(scenarios "$revision"); do
    [[ "$name" == *"$only"* ]] || continue
    started=$SECONDS
    # One at a time: side by side they time out on a small machine.
    if "run_$role" "$revision" "$name"; then
      passed=$((passed + 1))
      echo "ok      $revision $name ($((SECONDS - started)) s)"
    else
      echo "failed  $revision $name ($((SECONDS - started)) s)"
      sed -n '/^Failed Checks/,/OVERALL/p; /^Warning Checks/,/OVERALL/p; /TIMED OUT/p; /EXITED WITH ERROR/p; /^SKIPPED/p' "$log" | sed '/^$/d; s/^/        /'
    fi
  done
  count["$revision"]=$passed
}

install_suite
driver=artifacts/bin/Gateway.ConformanceTests/debug/Gateway.ConformanceTests.dll
dotnet build tests/Gateway.ConformanceTests/Gateway.ConformanceTests.csproj -v quiet -clp:"ErrorsOnly;NoSummary" || exit 1

log=$(mktemp)
results=${keep:-$(mktemp -d)}
trap 'rm -f "$log"; [ -n "$keep" ] || rm -rf "$results"' EXIT

declare -A count
summary="" status=0
for revision in 2026-07-28 2025-11-25; do
  run_revision "$revision"
  summary+="${summary:+, }$revision ${count[$revision]}/${required[$role:$revision]}"
  [ -n "$only" ] || [ "${count[$revision]}" -ge "${recorded[$role:$revision]}" ] || status=1
done
echo "client-auth $summary"
exit "$status"
