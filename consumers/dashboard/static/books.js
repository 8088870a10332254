// What stands under the tabs: commentary, scorecard, overs, elevens.

import { h, table } from "./dom.js";
import { ball } from "./marks.js";
import { number, perCent, points, rate } from "./words.js";

const SHOWN = 24; // balls of the commentary; all of them are in the overs

export function commentary({ head, points: all }) {
  const first = head.row.short[0];
  return h(
    "ol",
    { class: "commentary", reversed: true },
    all
      .slice(-SHOWN)
      .reverse()
      .map((p) =>
        h(
          "li",
          { class: p.wicket ? "out" : "" },
          h("span", { class: "when" }, p.ball),
          ball(p.mark),
          h(
            "span",
            { class: "what" },
            p.text,
            p.milestones.length ? h("em", {}, ` ${p.milestones.join(", ")}`) : "",
            p.revision ? h("span", { class: "notice" }, "corrected") : "",
          ),
          h("span", { class: "quiet" }, `${p.runs}/${p.wickets}`),
          h("span", { class: "odd" }, `${first} ${perCent(p.chance)} (${points(p.added)})`),
        ),
      ),
  );
}

export function scorecard({ cards, head }) {
  const playing = head.innings_over ? null : head.card.innings;
  if (!cards.length)
    return h(
      "p",
      { class: "quiet" },
      "The match's first message has not been heard, so there is no scorecard.",
    );
  return cards.map((card) =>
    h(
      "section",
      { "aria-label": `${card.batting} innings` },
      h("h3", {}, card.batting, card.super_over ? " (super over)" : ""),
      table(
        `${card.batting}, batting`,
        ["Batter", "", "R", "B", "4s", "6s", "SR"],
        card.batters.map((b) => [
          b.name,
          h("span", { class: "how" }, b.how),
          h("strong", {}, b.runs),
          b.balls,
          b.fours,
          b.sixes,
          number(b.rate),
        ]),
      ),
      h("p", {}, h("strong", {}, `Total ${card.total}`), ` \u00b7 extras ${card.extras}`),
      card.idle.length
        ? h(
            "p",
            { class: "quiet" },
            `${card.number === playing ? "Yet to bat" : "Did not bat"}: ${card.idle.join(", ")}`,
          )
        : "",
      card.fall.length
        ? h("p", { class: "quiet" }, `Fall of wickets: ${card.fall.join(", ")}`)
        : "",
      table(
        `${card.batting}, bowling against them`,
        ["Bowler", "O", "M", "R", "W", "Econ", "Dots", "4s", "6s", "wd", "nb"],
        card.bowlers.map((b) => [
          b.name,
          b.overs,
          b.maidens,
          b.runs,
          h("strong", {}, b.wickets),
          rate(b.economy),
          b.dots,
          b.fours,
          b.sixes,
          b.wides,
          b.no_balls,
        ]),
      ),
      h(
        "details",
        {},
        h("summary", {}, "Partnerships"),
        h(
          "ul",
          {},
          card.partnerships.map((p) => h("li", {}, p)),
        ),
      ),
    ),
  );
}

export function overs({ cards }) {
  return cards.map((card) =>
    h(
      "section",
      { "aria-label": `${card.batting}, overs` },
      h("h3", {}, card.batting),
      h(
        "ol",
        { class: "overs-list" },
        [...card.overs]
          .reverse()
          .map((over) =>
            h(
              "li",
              {},
              h("span", { class: "when" }, over.number + 1),
              h("span", { class: "what" }, over.bowler),
              h("span", { class: "balls" }, over.marks.map(ball)),
              h("span", {}, over.runs),
              h("span", { class: "quiet" }, over.score),
            ),
          ),
      ),
    ),
  );
}

export function elevens({ elevens: sides, head }) {
  return Object.entries(sides).map(([team, players]) =>
    h(
      "section",
      { "aria-label": team },
      h("h3", {}, team),
      table(
        `${team}, careers in the matches seen before ${head.row.date}`,
        ["Player", "Mat", "Runs", "HS", "Avg", "Wkts", "Best", "Avg"],
        players.map((p) => {
          const c = p.career;
          return c
            ? [
                p.name,
                c.matches,
                c.runs,
                c.highest || "\u2013",
                number(c.average),
                c.wickets,
                c.best || "\u2013",
                number(c.bowling_average),
              ]
            : [p.name, "\u2013", "\u2013", "\u2013", "\u2013", "\u2013", "\u2013", "\u2013"];
        }),
      ),
    ),
  );
}
