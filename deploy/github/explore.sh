#!/usr/bin/env bash
# What the action does: plays what its inputs say, and leaves the report in $REPORT. Inputs come as variables, never as text of a
# script. The project's own multiraft-sim is taken where there is one, else the one that the action came with, built here.
set -euo pipefail

if [ -e node_modules/.bin/multiraft-sim ]; then
  tool=(node_modules/.bin/multiraft-sim)
else
  [ -e "$GITHUB_ACTION_PATH/dist/src/cli/main.js" ] || npm ci --prefix "$GITHUB_ACTION_PATH" >&2
  tool=(node "$GITHUB_ACTION_PATH/dist/src/cli/main.js")
fi

arguments=(run --scenario "$SCENARIO" --fsm "$FSM" --first-seed "$FIRST_SEED" --format github --report "$REPORT")
[ -z "$SEEDS" ] || arguments+=(--seeds "$SEEDS")
[ -z "$FOR" ] || arguments+=(--for "$FOR")
[ -z "$SHARD" ] || arguments+=(--shard "$SHARD")
[ -z "$KNOWN" ] || arguments+=(--known "$KNOWN")
[ "$LEDGER" = true ] || arguments+=(--no-ledger)
read -ra more <<< "$ARGUMENTS"
arguments+=(${more[@]+"${more[@]}"})

echo "report=$REPORT" >> "$GITHUB_OUTPUT"
code=0
"${tool[@]}" "${arguments[@]}" || code=$?
# Shards can't share a cache: what they kept goes along with their report, and is put together by whoever merges them.
if [ -d .multiraft-sim/cases ] && [ -d "$REPORT" ]; then cp -R .multiraft-sim/cases "$REPORT/"; fi
exit "$code"
