#!/bin/sh
# usage: make.sh FOLDER
# Makes the corpus in FOLDER: train.jsonl, tune.jsonl and test.jsonl from SpamAssassin's mails (fetched once, 20 MB), three choices of 64
# mails, and the recipes beside them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
base=$(cd "$here/../.." && pwd)
. "$base/.mvn/find-jdk.sh"
jdk=$(heed_find_jdk) || { heed_no_jdk_message; exit 1; }
"$base/heed" --version >/dev/null # builds on first use
"$jdk/bin/java" -cp "$base/heed-cli/target/heed/lib/*" \
  "$base/examples/src/main/java/heed/examples/spam/SpamCorpus.java" "$1"
cp "$here/lora.yaml" "$here/lstm.yaml" "$1"
for draw in 1 2 3; do
  sed "s/train-64.jsonl/train-64-$draw.jsonl/" "$here/few.yaml" >"$1/few-$draw.yaml"
done
