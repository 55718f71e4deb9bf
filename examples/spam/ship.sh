#!/bin/sh
# usage: ship.sh FOLDER
# Makes models/spam of what score.sh left in FOLDER: the adapter, its tokenizer, and the policy, calibrations and reference that `tune`
# found. `heed … --model spam` then finds it, and fetches MiniLM below it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
base=$(cd "$here/../.." && pwd)
to="$base/models/spam"
mkdir -p "$to"
for file in adapter_config.json adapter_model.safetensors config.json tokenizer.json tokenizer_config.json; do
  cp "$1/lora/$file" "$to"
done
for file in policy.yaml calibration.json reference.json; do
  cp "$1/lora/tuned/$file" "$to"
done
cp "$here/card.md" "$to/README.md"
du -ch "$to"/* | tail -1
