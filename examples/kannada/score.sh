#!/bin/sh
# usage: score.sh CORPUS MODEL
# Translates the tests of a corpus with a model and scores the translations, beside those of a translation memory.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
base=$(cd "$here/../.." && pwd)
. "$base/.mvn/find-jdk.sh"
jdk=$(heed_find_jdk) || { heed_no_jdk_message; exit 1; }
"$base/heed" --version >/dev/null # builds on first use
out=$1/scores
mkdir -p "$out"
"$jdk/bin/java" -cp "$base/heed-cli/target/heed/lib/*" \
  "$base/examples/src/main/java/heed/examples/kannada/NearestNeighbour.java" "$1" "$out"
for part in all strict; do
  "$base/heed" translate --model "$2" --format text "$out/$part/source.txt" >"$out/$part/translation.txt"
  for system in translation floor; do
    for metric in chrf bleu; do
      printf '%s, %s: ' "$part" "$system"
      "$base/heed" score $metric "$out/$part/$system.txt" "$out/$part/reference.txt"
    done
  done
done
[ -e "$1/cases.tsv" ] || exit 0 # only English–Kannada has sentences with names held back
tail -n +2 "$1/cases.tsv" | cut -f 1 | "$base/heed" translate --model "$2" --format text - >"$out/cases.txt"
tail -n +2 "$1/cases.tsv" | paste - "$out/cases.txt" |
  awk -F '\t' '{ n[$3]++; if ($2 == $4) right[$3]++ } END { for (kind in n) printf "exact, %s: %d of %d\n", kind, right[kind], n[kind] }'
