"""A consumer in plain confluent-kafka that prints the forecast after every ball, and the result.

    pip install confluent-kafka
    python examples/consumer.py 127.0.0.1:9092

For a secured Kafka, KAFKA_PROPERTIES names a file of librdkafka's properties, such as
security.protocol=SASL_SSL, a line each. A viewer's group begins with "downstream-".

Dispatch on `type` and ignore types you do not know (docs/topics.md). A ball may be predicted again,
with a higher `revision`: keep the newest of each (match_id, seq, rank).
"""

import json
import os
import sys

from confluent_kafka import Consumer, KafkaException

if len(sys.argv) < 2:
    sys.exit("usage: python examples/consumer.py HOST:PORT [TOPIC]")
broker, topic = (*sys.argv[1:], "cricket.predictions")[:2]
with open(os.environ.get("KAFKA_PROPERTIES", os.devnull)) as lines:
    properties = dict(line.strip().split("=", 1) for line in lines if line[:1] not in "#\n")
properties |= {"bootstrap.servers": broker, "auto.offset.reset": "earliest"}
consumer = Consumer(properties | {"group.id": "downstream-mine", "log_level": 2})
try:
    consumer.list_topics(timeout=5)
except KafkaException:
    print(f"Error: no Kafka answers at {broker}; name one that runs: HOST:PORT", file=sys.stderr)
    sys.exit(2)
consumer.subscribe([topic])
try:
    while True:
        if (message := consumer.poll(1.0)) is None or message.error():
            continue
        prediction = json.loads(message.value())
        if prediction["type"] == "match_result":
            print(f"{' v '.join(prediction['teams'])}: {prediction['text']}", flush=True)
        elif prediction["type"] == "prediction":
            card, win = prediction["card"], prediction["win"]
            score = f"{card['batting']} {card['runs']}/{card['wickets']} ({card['overs']}): "
            print(score + f"{win['batting']:.1%} to win, {prediction['ball']}", flush=True)
except KeyboardInterrupt:
    consumer.close()
