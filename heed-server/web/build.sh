#!/usr/bin/env bash
# Builds the page into the folder that Maven packs. Called by Maven; by hand: heed-server/web/build.sh [build|test]
# What did not change is not built again, so a build without the network works once the packages are here.
# Where there is no Node.js, or with HEED_PAGE=optional no way to fetch the packages, Heed is built without its page, and
# says so where the page would be.
set -euo pipefail
cd "$(dirname "$0")"
out=../target/classes/heed/server/web
stamp=../target/web.built
least=20 # the Node.js that Vite needs

say() { echo "[web] $*"; }

# Everything the page is made of, in one number.
inputs() {
  find src public index.html vite.config.ts tsconfig.json package.json package-lock.json -type f | LC_ALL=C sort \
    | xargs cksum | cksum
}

# Why there can be no page on this machine, in one line; nothing where there can.
obstacle() {
  local need="install Node.js $least or newer with npm (nodejs.org), and run it again"
  if ! command -v node > /dev/null || ! command -v npm > /dev/null; then
    echo "this build has no page, only the API: Node.js is not on the PATH; $need"
  elif [ "$(node --version | sed 's/^v\([0-9]*\).*/\1/')" -lt "$least" ]; then
    echo "this build has no page, only the API: Node.js $(node --version) is too old; $need"
  fi
}

# Leaves a note where the page would be, and goes on: everything else of Heed works without it.
without() {
  say "WARNING: $1" >&2
  rm -rf "$out"
  mkdir -p "$out"
  cp without-npm.html "$out/index.html"
  echo "$1" > "$out/missing.txt"
  exit 0
}

packages() {
  local wanted
  wanted=$(cksum < package-lock.json)
  if [ "$(cat node_modules/.heed-lock 2> /dev/null)" != "$wanted" ]; then
    say "npm ci"
    npm ci --prefer-offline --no-audit --no-fund --loglevel=error || return 1
    echo "$wanted" > node_modules/.heed-lock
  fi
}

unfetched="npm could not fetch the packages of the page (heed-server/web/package-lock.json): check npm's registry and proxy"

hindrance=$(obstacle)
if [ -n "$hindrance" ]; then
  if [ "${1:-build}" = build ] && { [ ! -e "$out/index.html" ] || [ -e "$out/missing.txt" ]; }; then
    without "$hindrance"
  fi
  say "nothing done for '${1:-build}': $hindrance"
  exit 0
fi

case "${1:-build}" in
  build)
    now=$(inputs)
    if [ -e "$out/index.html" ] && [ ! -e "$out/missing.txt" ] && [ "$(cat $stamp 2> /dev/null)" = "$now" ]; then
      exit 0
    fi
    if ! packages; then
      [ "${HEED_PAGE:-}" != optional ] || without "this build has no page, only the API: $unfetched"
      say "$unfetched, or build without the page: -DskipFrontend" >&2
      exit 1
    fi
    node_modules/.bin/vite build --logLevel warn
    echo "$now" > $stamp
    say "built: $(cat "$out"/assets/*.js | gzip -9 | wc -c) bytes of script (gzip)"
    ;;
  test)
    [ ! -e "$out/missing.txt" ] || { say "nothing to test: $(cat "$out/missing.txt")"; exit 0; }
    packages
    node_modules/.bin/tsc --noEmit
    node_modules/.bin/vitest run --reporter=dot
    ;;
  *)
    say "usage: build.sh [build|test]" >&2
    exit 2
    ;;
esac
