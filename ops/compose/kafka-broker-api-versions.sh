#!/bin/bash
# The official image's tool of this name is in a jar that a broker does not need; this asks too.
exec java -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' kafka.admin.ConfigCommand "$@" \
  --describe --entity-type brokers --entity-name "$KAFKA_NODE_ID"
