#!/usr/bin/env bash
# Usage: bench/idle.sh [--users N]
# What ten thousand signed-in people cost in memory who use the gateway once and are idle then. Takes about ten minutes; the last line is
# the cost of one person.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build bench/Bench/Bench.csproj -c Release -v quiet -clp:ErrorsOnly
exec dotnet artifacts/bin/Bench/release/Bench.dll idle "$@"
