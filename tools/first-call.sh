#!/usr/bin/env bash
# From a fresh clone to a first successful call: builds the server, starts it on a new directory, takes the key that it mints and
# makes one call with it. Prints what it does and how long that took; leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
begun=$(date +%s%N)
work=$(mktemp -d)
server=
finish() {
  status=$?
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  if [ "$status" != 0 ]; then cat "$work"/*.log >&2 || true; fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT

echo "building"
dotnet publish src/PhoenixCore.Server -c Release -o "$work/server" --nologo -v quiet >"$work/build.log"
built=$(date +%s%N)

# Without a key in the environment the first start mints one and prints it once.
env -u PHOENIX_API_KEY dotnet "$work/server/PhoenixCore.Server.dll" --data "$work/data" --rest 127.0.0.1:0 --grpc 127.0.0.1:0 >"$work/server.log" 2>"$work/server-errors.log" &
server=$!
for _ in $(seq 300); do
  if grep -q '^ready' "$work/server.log"; then break; fi
  kill -0 "$server"
  sleep 0.1
done
said() { sed -n "s/^$1: //p" "$work/server.log"; }
key=$(said api-key)
url=$(said rest)
echo "running at $url with the key ${key%_*}_…"

answer=$(curl -sS --fail-with-body -H "Authorization: Bearer $key" -H "Content-Type: application/json" -H "Idempotency-Key: first-call" "${url}wallets" -d '{"holder_id":"first","currency":"USD"}')
echo "$answer"
ended=$(date +%s%N)

seconds() { awk -v ns="$1" 'BEGIN { printf "%.1f s", ns / 1e9 }'; }
echo "first successful call after $(seconds $((ended - begun))): build $(seconds $((built - begun))), start and call $(seconds $((ended - built)))"
