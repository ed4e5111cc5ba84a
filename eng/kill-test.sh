#!/usr/bin/env bash
# Usage: eng/kill-test.sh [KILLS]
# Kills one of two gateways over one PostgreSQL (kill -9) while it works on a consent, the exchange of a code or a refresh, and
# starts it again. The last line is `corrupt C, wrong W, lost L`; exit code 0 for 0, 0, 0 and a sound audit record with an intent for each call. Somebody is lost who is asked again
# though the third party's answer was saved, or is neither served nor asked.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 HostingEngine="${HostingEngine:-local}"
dotnet build tests/ReplicaTrials/ReplicaTrials.csproj -v quiet -clp:ErrorsOnly
exec dotnet artifacts/bin/ReplicaTrials/debug/ReplicaTrials.dll kill-test "$@"
