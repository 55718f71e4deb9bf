#!/usr/bin/env bash
# Makes the pictures of docs/explorer.md and the README anew: walks through the explorer in a browser, against a server
# that runs (HEED_URL, http://127.0.0.1:8420/ unless set), as ExplorerPageIT does, and takes the pictures over.
set -euo pipefail
cd "$(dirname "$0")"
export HEED_SCREENSHOTS=../target/screenshots
node_modules/.bin/vitest run --config vitest.browser.config.ts browser/walk.spec.ts
for picture in explorer explorer-money explorer-effect explorer-steps explorer-compare explorer-order; do
  cp "$HEED_SCREENSHOTS/$picture.png" ../../docs/images/
done
ls -l ../../docs/images/explorer*.png
