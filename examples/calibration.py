"""How often did it happen when the model said 70 %: a calibration plot of the archive.

    overcast archive archive --once
    pip install pandas pyarrow matplotlib
    python examples/calibration.py archive calibration.png

Reads the archived labels: each holds the questions of one decided match with the answers given at
the time, and who won. They were asked before they were learned. A match is one unit, however many
questions it was asked.
"""

import sys

import matplotlib as mpl

mpl.use("agg")  # no window

import pandas as pd
from matplotlib import pyplot as plt

TENTHS = 10


def asked(folder: str) -> pd.DataFrame:
    """One row a question: the batting side's chance as said, whether it won, the match's weight."""
    labels = pd.read_parquet(f"{folder}/cricket.labels")
    task = labels["task"].replace("result", "win")  # a correction may turn one into the other
    newest = labels.assign(question=task).sort_values("revision")
    newest = newest.groupby(["match_id", "question"], as_index=False).last()
    won = newest[(newest["task"] == "win") & ~newest["withdrawn"]]
    questions = won[["match_id", "truth", "questions"]].explode("questions", ignore_index=True)
    told = questions.join(pd.json_normalize(questions["questions"].tolist()))
    told["won"] = told["truth"].where(told["innings"] == 0, 1 - told["truth"])
    told["weight"] = 1 / told.groupby("match_id")["match_id"].transform("size")
    return told


def calibration(told: pd.DataFrame) -> pd.DataFrame:
    """By tenths of what was said: its mean, how often it happened, how much it rests on."""
    tenth = (told["win"] * TENTHS).astype(int).clip(0, TENTHS - 1)
    weighed = told.assign(said=told["win"] * told["weight"], won=told["won"] * told["weight"])
    sums = weighed.groupby(tenth)[["said", "won", "weight"]].sum()
    return pd.DataFrame(
        {
            "said": sums["said"] / sums["weight"],
            "happened": sums["won"] / sums["weight"],
            "matches": sums["weight"],
            "questions": told.groupby(tenth).size(),
        }
    )


def draw(table: pd.DataFrame, path: str) -> None:
    """The diagonal is honesty; a point's size is what it rests on."""
    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    size = 20 + 200 * table["matches"] / table["matches"].max()
    axes.scatter(table["said"], table["happened"], s=size)
    axes.set(xlabel="said", ylabel="happened", xlim=(0, 1), ylim=(0, 1), title="Calibration")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main() -> None:
    """Prints the table and draws it."""
    folder, path = sys.argv[1:3]
    table = calibration(asked(folder))
    print(table.round(3).to_string())
    draw(table, path)


if __name__ == "__main__":
    main()
