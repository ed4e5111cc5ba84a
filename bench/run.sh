#!/usr/bin/env bash
# Usage: bench/run.sh [--rounds N] [--seconds S] [--connections 1,16,64] [--sets N] [--tables small,vault,big,streams,audit,disk,telemetry]
# Compares the gateway with a bare YARP proxy and with its target, all on this machine, in one run. The last line is the summary.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build bench/Bench/Bench.csproj -c Release -v quiet -clp:ErrorsOnly
exec dotnet artifacts/bin/Bench/release/Bench.dll compare "$@"
