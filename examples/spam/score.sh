#!/bin/sh
# usage: score.sh FOLDER [STEPS]
# Trains what is not there yet in FOLDER, as make.sh made it (LoRA, LSTM, three times 64 mails), finds thresholds, and measures all of it
# beside logistic regressions. A line of JSON for each in FOLDER/scores, pages beside them, a table on standard output.
# STEPS of training instead of those of the recipes are for trying the script out.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
base=$(cd "$here/../.." && pwd)
heed="${HEED:-$base/heed}"
cd "$1"
steps=${2:+--steps $2}
few=${2:+--evasion 3}
evasion=${few:---evasion 100}
mkdir -p scores

train() { # recipe
  [ -e "$1.trained" ] || { $heed train classifier --config "$1.yaml" --out "$1" $steps && touch "$1.trained"; }
}

measure() { # folder of a model, options of evaluate
  $heed moderate tune --model "$1" --data tune.jsonl --window 256 --out "$1/tuned" >"scores/$1.tuned.jsonl"
  $heed moderate evaluate --model "$1" --policy "$1/tuned/policy.yaml" --data test.jsonl $2 --html "scores/$1.html" >"scores/$1.jsonl"
}

baseline() { # name, corpus, features, options of evaluate
  $heed moderate baseline --train "$2" --tune tune.jsonl --data test.jsonl --features "$3" $4 --html "scores/$1.html" >"scores/$1.jsonl"
}

for features in words characters; do
  baseline "$features" train.jsonl $features "$evasion"
  for draw in 1 2 3; do
    baseline "$features-64-$draw" "train-64-$draw.jsonl" $features "--evasion 0"
  done
done
train lora
measure lora "$evasion"
for draw in 1 2 3; do
  train "few-$draw"
  measure "few-$draw" "--evasion 0"
done
train lstm
measure lstm "$evasion"

number() { # key of a line of JSON
  sed -n 's/.*"'"$1"'":\([-0-9.E]*\).*/\1/p' "scores/$2.jsonl"
}
printf '| system | ROC-AUC | 95 %% | average precision | recall at the threshold | false positives | recall kept | without the normaliser |\n'
printf '|---|---|---|---|---|---|---|---|\n'
for name in lora lstm words characters few-1 words-64-1 characters-64-1 few-2 words-64-2 characters-64-2 few-3 words-64-3 characters-64-3; do
  interval=$(sed -n 's/.*"roc_auc_interval":\[\([-0-9.E]*\),\([-0-9.E]*\)\].*/\1 to \2/p' "scores/$name.jsonl")
  printf '| %s | %s | %s | %s | %s | %s | %s | %s |\n' "$name" "$(number roc_auc $name)" "$interval" "$(number average_precision $name)" \
    "$(number recall $name)" "$(number false_positive_rate $name)" "$(number recall_kept $name)" "$(number recall_kept_without_normalizer $name)"
done
