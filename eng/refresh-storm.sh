#!/usr/bin/env bash
# Usage: eng/refresh-storm.sh [ROUNDS]
# Two gateways over one PostgreSQL, and 200 concurrent calls at both whenever a grant's access token has expired, against refresh
# tokens that rotate: Keycloak's where KEYCLOAK_HOME names one, else the embedded provider's. The last line is
# `refreshes R of N, failed calls F, lost grants L`; exit code 0 for N, 0, 0.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 HostingEngine="${HostingEngine:-local}"
dotnet build tests/ReplicaTrials/ReplicaTrials.csproj -v quiet -clp:ErrorsOnly
exec dotnet artifacts/bin/ReplicaTrials/debug/ReplicaTrials.dll refresh-storm "$@"
