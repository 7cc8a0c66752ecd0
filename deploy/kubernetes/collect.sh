#!/usr/bin/env bash
# The reports of a night, merged: takes each pod's report out of its log, adds them up, and writes a report folder.
# collect.sh JOB [FOLDER]. Ends as `multiraft-sim merge` does: 0 all held, 1 something is broken, 3 a share is missing.
# What lies in the pods is lost with them, and not missed: a seed gives the same run here.
set -euo pipefail
job=${1:?which job? collect.sh JOB [FOLDER]}
folder=${2:-$job}
tool=${MULTIRAFT_SIM:-npx multiraft-sim}

mkdir -p "$folder/shards"
shares=$(kubectl get job "$job" --output 'jsonpath={.spec.completions}')
for ((index = 0; index < shares; index++)); do
  # Of a share that was begun again, the last pod.
  pod=$(kubectl get pods --output name --sort-by=.metadata.creationTimestamp --selector \
    "batch.kubernetes.io/job-name=$job,batch.kubernetes.io/job-completion-index=$index" | tail -n 1)
  if [ -z "$pod" ]; then continue; fi
  report=$folder/shards/$index.json
  # A log holds what went to stderr, too.
  kubectl logs "$pod" | sed -n '/^{$/,/^}$/p' > "$report"
  [ -s "$report" ] || rm "$report"
done
exec $tool merge "$folder"/shards/*.json --report "$folder"
