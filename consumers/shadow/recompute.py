"""The log worked on once more by this code: one message after the other, nothing in between.

Each message is answered by the model that its live prediction names, so that what differs is the
code's; or by models that are on trial, so that what differs is theirs.
"""

from collections.abc import Iterable, Iterator, Mapping

from learning.serving.forecaster import Forecaster
from learning.starter import load_starter
from streams.kafka.log_identity import appended_at
from streams.kafka.log_reader import LogReader
from streams.kafka.topics import BALLS, real_name
from streams.messages.predictions import Prediction, PredictionMessage, Withdrawal
from streams.messages.source import Source
from streams.models.past_versions import Version, load_past_versions
from streams.models.registry import InstalledModels
from streams.pipeline.advance import advance
from streams.pipeline.effects import Effects, receive
from streams.pipeline.gaps import gap_limits
from streams.pipeline.match_record import MatchRecord
from streams.settings import Settings

Models = Mapping[str, Forecaster]


class Recomputation:
    """Makes again what followed from the partitions of a deployment's log.

    `said` are the live predictions, which name the models; `on_trial` answers in their place.
    """

    def __init__(
        self,
        settings: Settings,
        said: Iterable[PredictionMessage],
        on_trial: Models | None = None,
    ) -> None:
        self._settings, self._on_trial = settings, on_trial
        self._log = LogReader(settings.kafka_access)
        self._starters = InstalledModels(load_starter())
        self._named = {
            (p.source.partition, p.source.offset): (p.model_key, p.model)
            for p in said
            if isinstance(p, Prediction | Withdrawal) and p.model_key
        }
        named = () if on_trial else set(self._named.values())
        self._versions = load_past_versions(named, self._starters, self._log, settings)

    def partition(self, partition: int) -> Iterator[tuple[Source, Effects]]:
        """What each message of a partition must have led to, in the order of the log."""
        records: dict[str, MatchRecord] = {}
        name = real_name(BALLS, self._settings)
        log_id = self._log.topic_id_now(name)
        for message in self._log.read_all(name, partition):
            source = Source(name, partition, message.offset() or 0, appended_at(message), log_id)
            received = receive(message.key(), message.value(), source)
            match_id = received.event.match_id if received.event else ""
            models = self._on_trial or self._models(partition, source.offset, records.get(match_id))
            effects = advance(records, [received], models, gap_limits(self._settings))
            records |= effects.records
            yield source, effects

    def _models(self, partition: int, offset: int, record: MatchRecord | None) -> Models:
        """The model that the message's prediction names; where there is none, the match's last."""
        named: Version | None = self._named.get((partition, offset))
        if named is None and record is not None and record.memory is not None:
            named = (record.model_key, record.memory.model)
        forecaster = named and self._versions.forecaster(named)
        return {named[0]: forecaster} if named and forecaster else self._starters
