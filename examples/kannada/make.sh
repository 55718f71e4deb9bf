#!/bin/sh
# usage: make.sh FOLDER [kannada|german]
# Makes the corpus in FOLDER: train.tsv, dev.tsv and test.tsv from the strings of packages; for Kannada also cases.tsv from sentences
# that were written for it. Fetches the packages first (fetch.sh), to FOLDER/fetched.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
base=$(cd "$here/../.." && pwd)
language=${2:-kannada}
case $language in
  kannada) code=kn ;;
  german) code=de ;;
  *) echo "make.sh: kannada or german is needed, not $language" >&2; exit 2 ;;
esac
. "$base/.mvn/find-jdk.sh"
jdk=$(heed_find_jdk) || { heed_no_jdk_message; exit 1; }
"$base/heed" --version >/dev/null # builds on first use
tables=$base/examples/$language
sh "$here/fetch.sh" $code "$tables/packages.txt" "$1"
exec "$jdk/bin/java" -cp "$base/heed-cli/target/heed/lib/*" \
  "$here/../src/main/java/heed/examples/kannada/CollectPairs.java" "$language" "$tables" "$1/packages" "$1"
