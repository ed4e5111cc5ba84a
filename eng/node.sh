#!/usr/bin/env bash
# Usage: eng/node.sh
# Prints the path of a Node.js that is new enough for what needs one here: this machine's, or one from npm that is kept in the account's
# cache. Exit 1 with the reason on the standard error where neither can be had.
set -uo pipefail

oldest=22
package=node@24

is_new_enough() {
  [ "$("$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge "$oldest" ]
}

fail() {
  echo "Node.js $oldest or newer is needed, and $1" >&2
  exit 1
}

# npm may be set up to run no scripts of packages; this one's fetches the program.
install_into() {
  cd "$1" &&
    timeout 300 npm install --no-audit --no-fund --loglevel=error "$package" >npm.log 2>&1 &&
    { [ -x node_modules/node/bin/node ] || (cd node_modules/node && node installArchSpecificPackage.js >/dev/null 2>&1); }
}

if is_new_enough node; then
  command -v node
  exit 0
fi

home="${XDG_CACHE_HOME:-$HOME/.cache}/aspire-gateway/$package"
node="$home/node_modules/node/bin/node"
if [ ! -x "$node" ]; then
  command -v npm >/dev/null || fail "there is no npm here to install one"
  mkdir -p "$(dirname "$home")"
  fresh=$(mktemp -d -p "$(dirname "$home")")
  if ! (install_into "$fresh"); then
    tail -3 "$fresh/npm.log" >&2
    rm -rf "$fresh"
    fail "npm could not install $package"
  fi
  # Somebody else may have been faster.
  mv -T "$fresh" "$home" 2>/dev/null || rm -rf "$fresh"
fi
is_new_enough "$node" || fail "$package does not run here"
echo "$node"
