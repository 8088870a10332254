// The head of a match's page: the event and the ground, the teams, the state of the match.

import { h } from "../dom.js";
import { plural } from "../words.js";

export function heading({ head }) {
  const { row, about } = head;
  return [
    h(
      "p",
      { class: "meta" },
      [row.event, head.kind, ...place(about), row.date].filter(Boolean).join(" \u00b7 "),
    ),
    h("h1", {}, row.teams.join(" v ")),
    h(
      "p",
      { class: "meta" },
      h("span", { class: "tag", "data-state": row.state }, row.state),
      about?.toss ?? "",
      row.notice ? h("span", { class: "notice" }, row.notice) : "",
      head.corrections ? h("span", {}, `${plural(head.corrections, "ball")} corrected`) : "",
    ),
  ];
}

// The number of the match and its ground; the city only where the ground's name leaves it out.
function place(about) {
  if (!about) return [];
  const { number, venue, city } = about;
  return [number, venue, city && !venue.includes(city) ? city : ""];
}
