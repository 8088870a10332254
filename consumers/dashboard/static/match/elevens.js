// The players of both sides, with their careers.

import { h, table } from "../dom.js";
import { number } from "../words.js";

const COLUMNS = ["Player", "Mat", "Runs", "HS", "Avg", "SR", "Wkts", "Best", "Avg", "Econ"];
const UNKNOWN = COLUMNS.slice(1).map(() => "\u2013");

export function elevens({ elevens: sides, head }) {
  return Object.entries(sides).map(([team, players]) =>
    h(
      "section",
      { "aria-label": team },
      h("h3", {}, team),
      table(
        `${team}, careers before ${head.row.date}`,
        COLUMNS,
        players.map(({ name, career }) => [name, ...(career ? columns(career) : UNKNOWN)]),
      ),
    ),
  );
}

function columns(career) {
  return [
    career.matches,
    career.runs,
    career.highest || "\u2013",
    number(career.average),
    number(career.strike_rate),
    career.wickets,
    career.best || "\u2013",
    number(career.bowling_average),
    number(career.economy),
  ];
}
