"""River's linear models, and their export as plain numbers: nothing pickled, nothing executed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from operator import mul
from types import ModuleType

LEARNING_RATE = 0.02  # AdaGrad; plain SGD was bad at every rate (forecast.md)


def river() -> ModuleType:
    """River with its linear models, imported on first use, since that takes half a worker's start.

    Only learning needs River; serving needs the models' numbers alone.
    """
    for name in ("linear_model", "optim", "preprocessing", "utils"):
        import_module(f"river.{name}")
    return import_module("river")


@dataclass(frozen=True, slots=True)
class Linear:
    """A standardised linear model as numbers, by input; all empty before the first answer.

    `squares` are AdaGrad's sums of squared gradients; `counts`, `means` and `variances` the
    scaler's.
    """

    weights: tuple[float, ...] = ()
    squares: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    means: tuple[float, ...] = ()
    variances: tuple[float, ...] = ()
    intercept: float = 0.0
    iterations: int = 0


class OnlineLinear:
    """A River scaler and a River linear or logistic regression that learn one answer at a time."""

    def __init__(
        self,
        names: Sequence[str],
        kept: Linear,
        *,
        logistic: bool,
        rate: float = LEARNING_RATE,
    ) -> None:
        self._names = tuple(names)
        library = river()
        linear = library.linear_model
        kind = linear.LogisticRegression if logistic else linear.LinearRegression
        self._model = kind(optimizer=library.optim.AdaGrad(rate))
        self._scaler = library.preprocessing.StandardScaler()
        if kept.weights:
            self._restore(kept)

    def _restore(self, kept: Linear) -> None:
        names, model = self._names, self._model
        model._weights = river().utils.VectorDict(dict(zip(names, kept.weights, strict=True)))  # noqa: SLF001
        model.intercept = kept.intercept
        model.optimizer.n_iterations = kept.iterations
        model.optimizer.g2 = defaultdict(float, zip(names, kept.squares, strict=True))
        self._scaler.counts = Counter(dict(zip(names, kept.counts, strict=True)))
        self._scaler.means = defaultdict(float, zip(names, kept.means, strict=True))
        self._scaler.vars = defaultdict(float, zip(names, kept.variances, strict=True))

    def learn(self, inputs: Sequence[float], answer: float, weight: float) -> None:
        """Learn one answer; a logistic model takes 0 or 1."""
        x = dict(zip(self._names, inputs, strict=True))
        self._scaler.learn_one(x)
        self._model.learn_one(self._scaler.transform_one(x), answer, weight)

    @property
    def answers(self) -> int:
        """How many answers it has learned."""
        return int(self._model.optimizer.n_iterations)

    def raw(self, inputs: Sequence[float]) -> float:
        """River's answer: log odds of a logistic model, else the predicted value."""
        x = dict(zip(self._names, inputs, strict=True))
        return float(self._model._raw_dot_one(self._scaler.transform_one(x)))  # noqa: SLF001

    def export(self) -> Linear:
        """The numbers to continue from."""
        names, model, scaler = self._names, self._model, self._scaler
        if not model.weights:
            return Linear()
        return Linear(
            weights=tuple(float(model.weights[n]) for n in names),
            squares=tuple(float(model.optimizer.g2[n]) for n in names),
            counts=tuple(int(scaler.counts[n]) for n in names),
            means=tuple(float(scaler.means[n]) for n in names),
            variances=tuple(float(scaler.vars[n]) for n in names),
            intercept=float(model.intercept),
            iterations=int(model.optimizer.n_iterations),
        )


class Served:
    """A linear model for scoring: scaling folded into the weights, one dot product."""

    __slots__ = ("_constant", "_means", "_slopes", "answers")

    def __init__(self, kept: Linear) -> None:
        scales = [v**0.5 for v in kept.variances]
        slopes = (w / s if s else 0.0 for w, s in zip(kept.weights, scales, strict=True))
        self._slopes = tuple(slopes)
        self._means = kept.means
        self._constant = kept.intercept - sum(map(mul, self._slopes, kept.means))
        self.answers = kept.iterations

    def raw(self, inputs: Sequence[float]) -> float:
        """`OnlineLinear.raw` to within rounding; 0 before anything was learned."""
        return float(sum(map(mul, self._slopes, inputs), start=self._constant))

    def parts(self, inputs: Sequence[float]) -> tuple[float, ...]:
        """What each input adds, counted from its mean; all 0 before anything was learned."""
        if not self._slopes:
            return (0.0,) * len(inputs)
        terms = zip(self._slopes, inputs, self._means, strict=True)
        return tuple(slope * (value - mean) for slope, value, mean in terms)
