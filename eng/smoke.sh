#!/usr/bin/env bash
# Usage: eng/smoke.sh [--identity-provider embedded|keycloak]
# Starts the system as a newcomer would, waits for the test client's success, stops it, and checks that nothing is left running,
# also after the engine was killed. The last line is `smoke ok: signed in, N tools, T s` (exit 0) or what failed (exit 1).
set -uo pipefail
# Job control: programs in the background get a process group of their own, and do not ignore Ctrl-C.
set -m
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NO_COLOR=1 HostingEngine="${HostingEngine:-local}"
deadline_seconds=300

arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --identity-provider)
      arguments=(-- --IdentityProvider "${2:?embedded or keycloak}")
      shift 2
      ;;
    *)
      echo "usage: eng/smoke.sh [--identity-provider embedded|keycloak]"
      exit 64
      ;;
  esac
done

log=$(mktemp)
trap 'rm -f "$log"' EXIT

fail() {
  echo "--- the last lines of the system"
  tail -40 "$log"
  echo "smoke failed: $1"
  exit 1
}

# Every process of the system carries the repository's path on its command line, except Keycloak, which has the address of corp.
leftovers() {
  pgrep -f "$PWD/artifacts/bin/(AppHost|Gateway|IdentityProvider|SampleMcpServer|TestClient|LocalHosting)" || true
  (: </dev/tcp/127.0.0.1/5181) 2>/dev/null && echo "port 5181"
  true
}

wait_until_nothing_is_left() {
  for _ in $(seq 1 60); do
    [ -z "$(leftovers)" ] && return 0
    sleep 0.5
  done
  return 1
}

# Runs the system until the test client has succeeded; leaves it running. Sets runner and seconds.
start_system() {
  local started=$SECONDS
  : >"$log"
  dotnet run --project AppHost "${arguments[@]}" >"$log" 2>&1 </dev/null &
  runner=$!
  while ! grep -q '✔ signed in as' "$log"; do
    kill -0 "$runner" 2>/dev/null || fail "the system ended by itself"
    [ $((SECONDS - started)) -gt "$deadline_seconds" ] && { kill -KILL -- "-$runner"; fail "no success within $deadline_seconds s"; }
    sleep 0.2
  done
  seconds=$((SECONDS - started))
}

[ -n "$(leftovers)" ] && fail "something of this system runs already: $(leftovers | tr '\n' ' ')"

start_system
echo "first start: $seconds s to the test client's success"
kill -INT -- "-$runner"
wait_until_nothing_is_left || fail "still running after Ctrl-C: $(leftovers | tr '\n' ' ')"

start_system
tools=$(grep -o '[0-9]* tools listed' "$log" | head -1 | cut -d' ' -f1)
engine=$(pgrep -f "$PWD/artifacts/bin/AppHost[^ ]*/AppHost" | head -1)
[ -n "$engine" ] || fail "the engine's process was not found"
kill -KILL "$engine"
wait_until_nothing_is_left || fail "still running after the engine was killed: $(leftovers | tr '\n' ' ')"

echo "smoke ok: signed in, $tools tools, $seconds s"
