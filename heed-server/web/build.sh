#!/usr/bin/env bash
# Builds the page into the folder that Maven packs. Called by Maven; by hand: heed-server/web/build.sh [build|test]
# What did not change is not built again, so a build without the network works once the packages are here.
set -euo pipefail
cd "$(dirname "$0")"
out=../target/classes/heed/server/web
stamp=../target/web.built

say() { echo "[web] $*"; }

# Everything the page is made of, in one number.
inputs() {
  find src public index.html vite.config.ts tsconfig.json package.json package-lock.json -type f | LC_ALL=C sort \
    | xargs cksum | cksum
}

packages() {
  local wanted
  wanted=$(cksum < package-lock.json)
  if [ "$(cat node_modules/.heed-lock 2> /dev/null)" != "$wanted" ]; then
    say "npm ci"
    npm ci --prefer-offline --no-audit --no-fund --loglevel=error || {
      say "npm could not fetch the packages of the page (heed-server/web/package-lock.json)." \
        "Check npm's registry and proxy, or build without the page: -DskipFrontend" >&2
      exit 1
    }
    echo "$wanted" > node_modules/.heed-lock
  fi
}

if ! command -v npm > /dev/null || ! command -v node > /dev/null; then
  if [ "${1:-build}" = build ] && [ ! -e "$out/index.html" ]; then
    say "WARNING: npm is not on the PATH, so Heed is built without the page of \`heed serve\`." \
      "For the page, install Node.js 20 or newer with npm and build again." >&2
    mkdir -p "$out"
    cp without-npm.html "$out/index.html"
  else
    say "npm is not on the PATH: nothing done for '${1:-build}'"
  fi
  exit 0
fi

case "${1:-build}" in
  build)
    now=$(inputs)
    if [ -e "$out/index.html" ] && [ "$(cat $stamp 2> /dev/null)" = "$now" ]; then
      exit 0
    fi
    packages
    node_modules/.bin/vite build --logLevel warn
    echo "$now" > $stamp
    say "built: $(cat "$out"/assets/*.js | gzip -9 | wc -c) bytes of script (gzip)"
    ;;
  test)
    packages
    node_modules/.bin/tsc --noEmit
    node_modules/.bin/vitest run --reporter=dot
    ;;
  *)
    say "usage: build.sh [build|test]" >&2
    exit 2
    ;;
esac
