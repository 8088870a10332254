"""What a worker tells Prometheus; the names are a contract with the alerts that use them."""

from prometheus_client import Counter, Gauge, Histogram, start_http_server

from learning.scores import Metrics
from streams.predictions import Prediction, Waiting
from streams.records import Effects

LATE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

PREDICTIONS = Counter("overcast_predictions_total", "Forecasts written to cricket.predictions")
REVISED = Counter("overcast_revised_predictions_total", "Forecasts that a correction took back")
WAITS = Counter("overcast_waits_total", "Times that a match began to wait for a message")
HEALED = Counter("overcast_healed_messages_total", "Dead letters that were played after all")
REPEATED = Counter("overcast_repeated_messages_total", "Messages that had been absorbed before")
REFUSED = Counter("overcast_refused_messages_total", "Dead letters", ["reason"])
LABELS = Counter("overcast_labels_total", "Answers sent to cricket.labels", ["model_key", "task"])
BATCH = Histogram("overcast_batch_seconds", "Time a batch of balls took", buckets=LATE)
OFFSET = Gauge("overcast_handled_offset", "Last offset worked on, cricket.balls", ["partition"])
LEARNED = Counter("overcast_learned_labels_total", "Answers learned", ["model_key"])
UNLEARNED = Counter(
    "overcast_revised_labels_total", "Answers corrected after they were learned", ["model_key"]
)
LOG_LOSS = Gauge("overcast_log_loss", "Prequential, over the last matches", ["model_key", "of"])


def serve(port: int) -> None:
    """Answers Prometheus on a port; port 0 asks for none."""
    if port:
        start_http_server(port)


def worked(effects: Effects, partition: int, offset: int, seconds: float) -> None:
    """Counts what a batch of balls did."""
    BATCH.observe(seconds)
    OFFSET.labels(partition).set(offset)
    for said in effects.predictions:
        if isinstance(said, Waiting):
            WAITS.inc()
            continue
        REVISED.inc(said.supersedes is not None)
        PREDICTIONS.inc(isinstance(said, Prediction))
    HEALED.inc(effects.healed)
    REPEATED.inc(effects.repeated)
    for letter in effects.dead_letters:
        REFUSED.labels(letter.reason.partition(":")[0]).inc()
    for answered in effects.labels:
        LABELS.labels(answered.label.key, answered.label.task).inc()


def scored(model_key: str, metrics: Metrics) -> None:
    """Shows a model's log loss over its last matches beside that of the run rate."""
    window = metrics.window
    for of, value in (("model", window.log_loss), ("run rate", window.baseline)):
        LOG_LOSS.labels(model_key, of).set(value)
