#!/bin/sh
# The same without Python: kcat and jq (Debian: apt install kcat jq).
#   examples/kcat.sh 127.0.0.1:9092                what the log holds, and what comes
#   examples/kcat.sh 127.0.0.1:9092 TOPIC -e       another topic; -e: end with the log
set -eu
broker=$1 topic=${2:-cricket.predictions}
shift; [ $# -gt 0 ] && shift
kcat -C -q -u -b "$broker" -t "$topic" -o beginning "$@" |
  jq --unbuffered --raw-output '
    select(.type == "prediction")
    | "\(.card.batting) \(.card.runs)/\(.card.wickets) (\(.card.overs)): \(
        .win.batting * 1000 | round / 10)% to win, \(.ball)"'
