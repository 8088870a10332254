"""The next ball judged: log loss over eight outcomes, pooled, by phase, by competition."""

from benchmarks.forecast.bootstrap import Array
from benchmarks.forecast.field import Field
from benchmarks.forecast.ladder_next import PHASES, came, phase, phases_in_overs
from benchmarks.forecast.scores import choice_loss
from benchmarks.forecast.tables import Figures, Sample, by_group, competitions, pooled


def judged(field: Field, said: dict[str, Array]) -> Figures:
    """Everything about the rows of test years that were followed by a ball."""
    losses = {name: choice_loss(chances, came(field)) for name, chances in said.items()}
    sample = Sample.of(field)
    values, leads = pooled(sample, losses)
    phases = by_group(sample, losses, phase(field), len(PHASES))
    figures: Figures = {
        "matches": sample.matches,
        "rows": len(field.match),
        "log_loss": values,
        "log_loss_lead": leads,
        "phases": phases_in_overs(field.shape.overs),
        "by_phase": {"log_loss": phases[0], "log_loss_lead": phases[1]},
        "by_competition": {},
    }
    for name, kept in competitions(field).items():
        there = Sample.of(field.where(kept))
        found = pooled(there, {rung: loss[kept] for rung, loss in losses.items()})
        figures["by_competition"][name] = {
            "matches": there.matches,
            "log_loss": found[0],
            "log_loss_lead": found[1],
        }
    return figures
