#!/usr/bin/env bash
# Builds, measures, prints a table, writes bench/results/*.json. --quick finishes in about two minutes.
# Other words are handed on: --dir <where to put the data>, --wallets <n>, roof | core | policies | wire | copies | webhooks | cold | memory | snapshot.
set -euo pipefail
cd "$(dirname "$0")"
commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
dotnet build -c Release bench/Load/Load.csproj --nologo -v quiet
data=$(mktemp -d "${PHOENIX_BENCH_DIR:-$PWD/bench}/data.XXXXXX")
trap 'rm -rf "$data"' EXIT
env -u PHOENIX_BENCH_DIR dotnet bench/Load/bin/Release/net10.0/phoenix-load.dll --commit "$commit" --dir "$data" --results bench/results "$@"
