#!/usr/bin/env bash
# Usage: eng/capture.sh
# Renews the terminal capture in README.md and docs/images/dashboard.png from a real run. Needs Chromium for the picture.
set -euo pipefail
set -m
cd "$(dirname "$0")/.."
export NO_COLOR=1 DOTNET_NOLOGO=1
log=$(mktemp)
profile=$(mktemp -d)
data=$(mktemp -d)
# As a newcomer sees it: the embedded identity provider, and nobody has consented to anything yet.
env -u KEYCLOAK_HOME dotnet run --project AppHost -- "--DataFolder=$data" >"$log" 2>&1 </dev/null &
runner=$!
trap 'kill -INT -- "-$runner" 2>/dev/null; wait "$runner" || true; rm -rf "$log" "$profile" "$data"' EXIT
for _ in $(seq 1 600); do grep -q '✔ signed in as' "$log" && break; sleep 0.2; done
sleep 2

page=$(grep -om1 'http://localhost:[0-9]*/login?t=[0-9a-f]*' "$log")
if command -v chromium >/dev/null; then
  timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --user-data-dir="$profile" --hide-scrollbars --window-size=1280,930 \
    --screenshot=docs/images/dashboard.png "$page" >/dev/null 2>&1 || echo "no picture: Chromium failed"
fi

python3 - "$log" <<'PY'
import re, sys
lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
keep = [line for line in lines if re.match(r"(Hosting engine|Identity provider|  RESOURCE|  \w+ +(healthy|waiting|running) )", line)]
steps = [line.split("│ ", 1)[1] for line in lines if re.match(r"testclient +│ (trace|[AB]\d|✔)", line)]
text = "\n".join(keep + [""] + steps)
text = re.sub(r"t=[0-9a-f]{32}", "t=…", text)
text = re.sub(r"client id \S+", "client id …", text)
text = re.sub(r"auth\?\S+", "auth?…", text)
text = "\n".join(line if len(line) <= 118 else line[:117] + "…" for line in text.splitlines())
readme = open("README.md", encoding="utf-8").read()
readme = re.sub(r"(<!-- capture:start -->\n).*?(<!-- capture:end -->)", lambda m: m[1] + "```\n" + text + "\n```\n" + m[2], readme, flags=re.S)
open("README.md", "w", encoding="utf-8").write(readme)
PY
