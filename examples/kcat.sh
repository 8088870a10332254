#!/bin/sh
# The same without Python: kcat and jq (Debian: apt install kcat jq).
#   examples/kcat.sh 127.0.0.1:9092                what the log holds, and what comes
#   examples/kcat.sh 127.0.0.1:9092 TOPIC -e       another topic; -e: end with the log
# A secured Kafka: KCAT_CONFIG=client.properties before it names a file of librdkafka's properties.
set -eu
fail() { echo "Error: $1" >&2; exit 2; }
[ $# -gt 0 ] || fail "name a broker: examples/kcat.sh HOST:PORT [TOPIC] [kcat's options]"
for tool in kcat jq; do
  command -v $tool >/dev/null || fail "$tool is not installed; on Debian: apt install kcat jq"
done
broker=$1 topic=${2:-cricket.predictions}
kcat -L -q -m 5 -b "$broker" >/dev/null 2>&1 || fail "no Kafka answers at $broker; name one that runs"
shift; [ $# -gt 0 ] && shift
kcat -C -q -u -b "$broker" -t "$topic" -o beginning "$@" |
  jq --unbuffered --raw-output '
    select(.type == "prediction")
    | "\(.card.batting) \(.card.runs)/\(.card.wickets) (\(.card.overs)): \(
        .win.batting * 1000 | round / 10)% to win, \(.ball)"'
