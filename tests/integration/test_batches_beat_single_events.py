"""What the batched agent is for: a ball for a fraction of a naive agent's processor time.

A ratio within one run; the figures themselves come from `make bench`.
"""

from benchmarks.candidates import FAUST, NAIVE, Candidate
from benchmarks.load import simulated
from benchmarks.trial import await_, cost, deployment, send, settle, started
from consumers.audit.consumer_group import WorkerGroup
from overcast.embedded.servers import Addresses

LEAST = 2.0  # make bench shows above 5
SETTLED = 400  # messages that are not counted: tables are built for the first of them
COUNTED = 1_200


def seconds(kind: Candidate, addresses: Addresses) -> float:
    """Processor seconds of the counted messages."""
    settings, load = deployment(addresses), simulated(20, SETTLED + COUNTED).messages
    with started(kind, settings) as processes, WorkerGroup(settings) as group:
        await_(group.ready, processes)
        send(settings, load[:SETTLED])
        await_(group.done, processes)
        settle(kind, processes)
        before = cost(processes).seconds
        send(settings, load[SETTLED:])
        await_(group.done, processes)
        return cost(processes).seconds - before


def test_the_batched_agent_costs_less_than_half_of_a_naive_one(addresses: Addresses) -> None:
    ratios: list[float] = []
    while len(ratios) < 3 and not (ratios and ratios[-1] > LEAST):
        ratios.append(seconds(NAIVE, addresses) / seconds(FAUST, addresses))
    assert ratios[-1] > LEAST, ratios
