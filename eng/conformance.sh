#!/usr/bin/env bash
# Usage: eng/conformance.sh client|server [--only TEXT] [--route ROUTE] [--keep FOLDER]
# Runs the official MCP conformance suite against the gateway; docs/conformance.md says what that means. One line for each
# scenario, and at the end a line with the sum for each part:
#   client            client-auth 2026-07-28 N/25, 2025-11-25 N/14
#   server            server-aggregate 2026-07-28 N/37, 2025-11-25 N/30    a server behind /mcp
#                     server 2026-07-28 N/37, 2025-11-25 N/30              the same server behind /mcp/{target}
# Before these lines stand the server scenarios that were run twice, `retried: ROUTE REVISION SCENARIO`, and their number.
# Exit 1 when a scenario fails that is not recorded below, exit 0 with the reason as last line where the suite cannot be had (no npm,
# no registry).
#   --only TEXT     only scenarios whose name contains TEXT
#   --route ROUTE   only server, server-aggregate, or server-direct, which is that server without the gateway
#   --keep FOLDER   keeps what the suite and the gateway said, a folder for each scenario
set -uo pipefail
cd "$(dirname "$0")/.."
# Processes that live for seconds do not repay what measuring them costs.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_TieredPGO=0

suite_version=0.2.0-alpha.12
# Scenarios that are known to fail: part, revision, name. docs/conformance.md is to give the reasons.
recorded_failures=""
declare -A required=([client:2026-07-28]=25 [client:2025-11-25]=14 [server:2026-07-28]=37 [server:2025-11-25]=30)

usage() {
  echo "usage: eng/conformance.sh client|server [--only TEXT] [--route ROUTE] [--keep FOLDER]"
  exit 64
}

role=${1:-}
[ "$role" = client ] || [ "$role" = server ] || usage
shift
only="" keep="" routes=(server-aggregate server)
while [ $# -gt 0 ]; do
  case "$1" in
    --only) only=${2:?text} && shift 2 ;;
    --route) routes=("${2:?route}") && shift 2 ;;
    --keep) keep=${2:?folder} && shift 2 ;;
    *) usage ;;
  esac
done

skip() {
  echo "conformance skipped: $1"
  exit 0
}

# The suite goes into the account's cache, like the Node.js for it where this machine's is too old.
install_suite() {
  local cache="${XDG_CACHE_HOME:-$HOME/.cache}/aspire-gateway" home
  node=$(eng/node.sh 2>&1) || skip "${node##*$'\n'}"
  home="$cache/conformance-$suite_version"
  suite="$home/node_modules/@modelcontextprotocol/conformance"
  [ ! -f "$suite/dist/index.js" ] || return 0
  command -v npm >/dev/null || skip "there is no npm here"
  echo "installing the conformance suite $suite_version"
  local fresh
  mkdir -p "$cache"
  fresh=$(mktemp -d -p "$cache")
  if ! (cd "$fresh" && timeout 300 npm install --no-audit --no-fund --loglevel=error "@modelcontextprotocol/conformance@$suite_version" >npm.log 2>&1); then
    tail -3 "$fresh/npm.log"
    rm -rf "$fresh"
    skip "npm could not install the suite"
  fi
  # Somebody else may have been faster.
  mv -T "$fresh" "$home" 2>/dev/null || rm -rf "$fresh"
}

# Names of the scenarios that a revision requires, from the suite's own list. Of a client, the gateway is the part that authorizes.
scenarios() {
  local part=.
  [ "$role" = client ] && part='^auth/'
  awk -v role="$role:" '/^[a-z_]+:/ { inside = ($1 == role) } inside && $1 == "-" { print $2 }' "$suite/requirements/$1.yaml" |
    grep "$part"
}

# run_client REVISION SCENARIO
run_client() {
  "$node" "$suite/dist/index.js" client --command "dotnet $driver client" --scenario "$2" --spec-version "$1" \
    --timeout 120000 --output-dir "$results" >"$log" 2>&1 && ! grep -q '^SKIPPED' "$log"
}

# run_server REVISION SCENARIO, against the address that the driver gave for the route
run_server() {
  timeout 60 "$node" "$suite/dist/index.js" server --url "${urls[$route]}" --scenario "$2" --spec-version "$1" \
    --output-dir "$results/$route-$1" >"$log" 2>&1 && ! grep -q '^SKIPPED' "$log"
}

# The suite allows 600 ms for the first event of a stream, which a busy machine may need for other things: twice, then it counts.
run_server_twice() {
  run_server "$@" && return
  retried+=("$route $1 $2")
  [ -z "$keep" ] || { mkdir -p "$keep" && cp "$log" "$keep/first-try-$route-$1-$2.log"; }
  run_server "$@"
}

# Starts gateway, server and relays, which stay for all scenarios: they end when the driver's standard input does.
start_servers() {
  local name url
  coproc driver_process { dotnet "$driver" server; }
  while read -r name url <&"${driver_process[0]}"; do
    [ "$name" = ready ] && return 0
    urls[$name]=$url
  done
  return 1
}

# run_scenario PART REVISION NAME: adds to `passed`, or reports what failed.
run_scenario() {
  local started=$SECONDS is_recorded=false verdict
  grep -qx "$1 $2 $3" <<<"$recorded_failures" && is_recorded=true
  # One at a time: side by side they time out on a small machine.
  if "$run" "$2" "$3"; then
    passed=$((passed + 1))
    verdict="ok      $2 $3 ($((SECONDS - started)) s)"
    "$is_recorded" && verdict+=", and is not a recorded failure any more"
    echo "$verdict"
    return
  fi
  if "$is_recorded"; then
    echo "failed  $2 $3 ($((SECONDS - started)) s), as recorded"
  else
    echo "failed  $2 $3 ($((SECONDS - started)) s)"
    status=1
  fi
  sed -n '/^=* *Failed Checks/,/OVERALL\|^Test /p; /^Warning Checks/,/OVERALL/p; /TIMED OUT/p; /EXITED WITH ERROR/p; /^SKIPPED/p' "$log" |
    sed '/^$/d; s/^/        /'
}

# run_part NAME: both revisions; the line that sums them goes to `sums`.
run_part() {
  local revision name passed ran summary=""
  for revision in 2026-07-28 2025-11-25; do
    passed=0 ran=0
    for name in $(scenarios "$revision"); do
      [[ "$name" == *"$only"* ]] || continue
      ran=$((ran + 1))
      run_scenario "$1" "$revision" "$name"
    done
    summary+="${summary:+, }$revision $passed/${required[$role:$revision]}"
    [ -n "$only" ] || [ "$ran" -eq "${required[$role:$revision]}" ] || { echo "$ran scenarios of $revision were run"; status=1; }
  done
  sums+="$1 $summary"$'\n'
}

install_suite
driver=artifacts/bin/Gateway.ConformanceTests/debug/Gateway.ConformanceTests.dll
dotnet build tests/Gateway.ConformanceTests/Gateway.ConformanceTests.csproj -v quiet -clp:"ErrorsOnly;NoSummary" || exit 1

log=$(mktemp)
results=${keep:-$(mktemp -d)}
trap 'rm -f "$log"; [ -n "$keep" ] || rm -rf "$results"' EXIT

status=0 sums="" retried=()
if [ "$role" = client ]; then
  run=run_client
  run_part client-auth
else
  run=run_server_twice
  declare -A urls
  start_servers || { echo "gateway and server did not start"; exit 1; }
  for route in "${routes[@]}"; do
    [ -n "${urls[$route]:-}" ] || usage
    echo "$route: ${urls[$route]}"
    run_part "$route"
  done
fi
if [ "$role" = server ]; then
  for name in ${retried[@]+"${retried[@]}"}; do
    echo "retried: $name"
  done
  echo "scenarios run twice: ${#retried[@]}"
fi
printf "%s" "$sums"
exit "$status"
