"""Where a chase stands by Duckworth-Lewis, in words."""

from streams.messages.predictions import DuckworthLewis, Prediction


def par_words(prediction: Prediction) -> tuple[str, str] | None:
    """Return how far a chase is from par, and its targets if overs are lost now.

    None where nothing is chased. The second is "" in the last over, of which none can be lost.
    """
    standing = prediction.duckworth_lewis
    if standing is None:
        return None
    ahead = prediction.card.runs - standing.par
    where = f"{abs(ahead)} {'ahead of' if ahead > 0 else 'behind'}" if ahead else "level with"
    return f"{where} par {standing.par}", _targets(standing)


def _targets(standing: DuckworthLewis) -> str:
    """Return such as "target 168 if 1 over is lost now, 165 if 2, 158 if 3"."""
    if not standing.targets:
        return ""
    fewest = min(standing.targets)
    lost = "over is lost" if fewest == 1 else "overs are lost"
    first, *others = [f"{standing.targets[n]} if {n}" for n in sorted(standing.targets)]
    return ", ".join([f"target {first} {lost} now", *others])
