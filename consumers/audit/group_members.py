"""The members of a consumer group, and the partitions that each of them owns.

Asked by aiokafka's client. librdkafka's aborts the process when the answer of a group's coordinator
comes after its time, as on a busy machine (librdkafka's issue 4605, open since 2024).
"""

from collections.abc import Mapping
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from aiokafka.errors import KafkaError

from streams.access import KafkaAccess
from streams.kafka import event_loop
from streams.kafka.client_config import aiokafka_options

STABLE = "Stable"
ANSWER_SECONDS = 5.0


class GroupMembers:
    """The members of one group; the client connects with the first question."""

    def __init__(self, access: KafkaAccess, group: str) -> None:
        self._access = access
        self._group = group
        self._client: AIOKafkaAdminClient | None = None

    def owners(self, topic: str) -> dict[str, set[int]]:
        """The topic's partitions by member; empty while the group changes or nobody answers."""
        answering = event_loop.run(self._described())
        try:
            group = answering.result(ANSWER_SECONDS)
        except (KafkaError, OSError, TimeoutError):  # its coordinator is busy, or not chosen yet
            answering.cancel()
            self.close()
            return {}
        if group["state"] != STABLE:
            return {}
        return {m["member_id"]: _owned(m["member_assignment"], topic) for m in group["members"]}

    async def _described(self) -> Mapping[str, Any]:
        if self._client is None:
            self._client = AIOKafkaAdminClient(**aiokafka_options(self._access))
            await self._client.start()
        (answer,) = await self._client.describe_consumer_groups([self._group])
        (group,) = answer.to_object()["groups"]
        return dict(group)

    def close(self) -> None:
        """Close the connections, if there are any."""
        client, self._client = self._client, None
        if client is not None:
            event_loop.run(client.close())


def _owned(assignment: bytes, topic: str) -> set[int]:
    """The partitions of a topic in a member's assignment, which is empty before the first one."""
    if not assignment:
        return set()
    places = ConsumerProtocolMemberAssignment.decode(assignment).partitions()
    return {place.partition for place in places if place.topic == topic}
