"""Next-ball chances by over, wickets and required rate, from counts smoothed over neighbours."""

import numpy as np

from forecast.outcomes import OUTCOMES, Array
from forecast.shape import WICKETS, Shape

# What is assumed before anything is counted: the rough shares of limited-overs cricket.
BASE = np.array([0.38, 0.37, 0.06, 0.005, 0.10, 0.035, 0.05, 0.04], dtype=np.float32)
BASE = BASE / BASE.sum()
BASE_BALLS = 20.0  # how many balls the assumption is worth in a cell's wide neighbourhood
WIDE_BALLS = 40.0  # how many balls the wide neighbourhood is worth in the narrow one
NARROW = (0.6, 0.5, 0.4)  # kernel widths in overs of a T20, wickets, rate buckets
WIDE = (2.0, 1.5, 1.5)


def cell_of(shape: Shape, balls_left: int, wickets: int, needed: int | None) -> int:
    """The cell of the ball that is due; without a target there is one rate bucket."""
    cell = shape.phase(balls_left) * WICKETS + min(wickets, WICKETS - 1)
    if needed is None:
        return cell
    place = shape.position[min(balls_left, shape.balls), min(needed, shape.most)]
    return cell * len(shape.rates) + int(place + 0.5)


def cell_count(shape: Shape, *, chase: bool) -> int:
    """How many cells an innings has."""
    return shape.phases * WICKETS * (len(shape.rates) if chase else 1)


def chances(shape: Shape, counts: Array) -> Array:
    """The next ball's chances [phases, wickets, buckets, 8] from counts [cells, 8]."""
    grid = counts.reshape(shape.phases, WICKETS, -1, len(OUTCOMES)).astype(np.float64)
    stretch = shape.overs / 20.0
    wide = _smoothed(grid, (WIDE[0] * stretch, *WIDE[1:]))
    wide = (wide + BASE_BALLS * BASE) / (wide.sum(axis=-1, keepdims=True) + BASE_BALLS)
    narrow = _smoothed(grid, (NARROW[0] * stretch, *NARROW[1:]))
    mixed = (narrow + WIDE_BALLS * wide) / (narrow.sum(axis=-1, keepdims=True) + WIDE_BALLS)
    result: Array = mixed.astype(np.float32)
    return result


def _smoothed(grid: np.ndarray, widths: tuple[float, ...]) -> np.ndarray:
    """Gaussian kernels along phases, wickets and buckets; a cell itself has weight one."""
    for axis, width in enumerate(widths):
        places = np.arange(grid.shape[axis])
        kernel = np.exp(-0.5 * ((places[:, None] - places[None, :]) / width) ** 2)
        grid = np.moveaxis(np.tensordot(kernel, grid, axes=(1, axis)), 0, axis)
    return grid
