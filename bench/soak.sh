#!/usr/bin/env bash
# Usage: bench/soak.sh [--minutes N]
# Ten minutes at half load over both endpoints, with large results and streams. The last line says whether memory stayed within 10 % of
# what it was after the first minute (exit 0) or grew (exit 1).
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build bench/Bench/Bench.csproj -c Release -v quiet -clp:ErrorsOnly
exec dotnet artifacts/bin/Bench/release/Bench.dll soak "$@"
