// The win probability that each player has added.

import { h } from "../dom.js";
import { track } from "../marks.js";
import { points, shortName } from "../words.js";

const PLAYERS = 10; // those who moved it most

export function winAdded({ head }) {
  const players = [...head.shares]
    .sort((a, b) => Math.abs(b.added) - Math.abs(a.added))
    .slice(0, PLAYERS)
    .sort((a, b) => b.added - a.added);
  const longest = Math.max(0.01, ...players.map((player) => Math.abs(player.added)));
  return h(
    "ul",
    { class: "bars both" },
    players.map(({ name, team, added }) =>
      h(
        "li",
        {},
        h(
          "span",
          {},
          name,
          h("span", { class: "quiet" }, ` ${team ? shortName(head.row, team) : ""}`),
        ),
        track(Math.abs(added) / longest, added < 0 ? "out" : ""),
        h("span", {}, points(added)),
      ),
    ),
  );
}
