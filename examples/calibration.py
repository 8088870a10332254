"""Plot the calibration of archived forecasts: how often what the model called 70 % came true.

    overcast archive archive --once
    pip install pandas pyarrow matplotlib
    python examples/calibration.py archive calibration.png

Each archived label holds the questions that were asked during one decided match, with the answers
given at the time, before the model learned from that match, and who won. Every match weighs the
same, however many questions it was asked.
"""

import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")  # no window

import pandas as pd
from matplotlib import pyplot as plt

TENTHS = 10


def questions_of(folder: str) -> pd.DataFrame:
    """Return a row per question: the batting side's forecast chance, whether it won, its weight."""
    labels = pd.read_parquet(f"{folder}/cricket.labels")
    task = labels["task"].replace("result", "win")  # a correction may turn one into the other
    newest = labels.assign(question=task).sort_values("revision")
    newest = newest.groupby(["match_id", "question"], as_index=False).last()
    won = newest[(newest["task"] == "win") & ~newest["withdrawn"]]
    questions = won[["match_id", "truth", "questions"]].explode("questions", ignore_index=True)
    rows = questions.join(pd.json_normalize(questions["questions"].tolist()))
    rows["won"] = rows["truth"].where(rows["innings"] == 0, 1 - rows["truth"])
    rows["weight"] = 1 / rows.groupby("match_id")["match_id"].transform("size")
    return rows


def calibration(questions: pd.DataFrame) -> pd.DataFrame:
    """Return, for each tenth of forecasts, their mean, how often they came true, and the counts."""
    tenth = (questions["win"] * TENTHS).astype(int).clip(0, TENTHS - 1)
    weighted = questions.assign(
        forecast=questions["win"] * questions["weight"],
        won=questions["won"] * questions["weight"],
    )
    sums = weighted.groupby(tenth)[["forecast", "won", "weight"]].sum()
    return pd.DataFrame(
        {
            "forecast": sums["forecast"] / sums["weight"],
            "happened": sums["won"] / sums["weight"],
            "matches": sums["weight"],
            "questions": questions.groupby(tenth).size(),
        }
    )


def draw(table: pd.DataFrame, path: str) -> None:
    """Draw the table: on the diagonal forecasts are calibrated; size is the number of matches."""
    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    size = 20 + 200 * table["matches"] / table["matches"].max()
    axes.scatter(table["forecast"], table["happened"], s=size)
    axes.set(xlabel="forecast", ylabel="happened", xlim=(0, 1), ylim=(0, 1), title="Calibration")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main() -> None:
    """Print the table and draw it."""
    if len(sys.argv) != 3:
        sys.exit("usage: python examples/calibration.py ARCHIVE PICTURE.png")
    folder, path = sys.argv[1:]
    if not any(Path(folder, "cricket.labels").glob("*/*.parquet")):
        sys.stderr.write(f"Error: {folder} holds no archive: overcast archive {folder} --once\n")
        sys.exit(2)
    table = calibration(questions_of(folder))
    print(table.round(3).to_string())
    draw(table, path)


if __name__ == "__main__":
    main()
