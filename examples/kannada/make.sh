#!/bin/sh
# usage: make.sh FOLDER
# Makes the corpus in FOLDER: train.tsv, dev.tsv and test.tsv from the strings of packages, cases.tsv from sentences that were written
# for it. Fetches the packages first (fetch.sh), to FOLDER/fetched.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
base=$(cd "$here/../.." && pwd)
. "$base/.mvn/find-jdk.sh"
jdk=$(heed_find_jdk) || { heed_no_jdk_message; exit 1; }
"$base/heed" --version >/dev/null # builds on first use
sh "$here/fetch.sh" "$1"
exec "$jdk/bin/java" -cp "$base/heed-cli/target/heed/lib/*" \
  "$base/examples/src/main/java/heed/examples/kannada/CollectPairs.java" "$here" "$1/packages" "$1"
