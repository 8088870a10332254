// The parts of a match's page, from its document. Each gives elements and keeps nothing.

import { h, table, width } from "./dom.js";
import { ball, bar } from "./marks.js";
import { NEXT, number, perCent, plural, points, rate } from "./words.js";

export function heading({ head }) {
  const { row, about } = head;
  const where = about
    ? [
        about.number,
        about.venue,
        about.city && !about.venue.includes(about.city) ? about.city : "",
        row.date,
      ]
    : [row.date];
  return [
    h("p", { class: "meta" }, [row.event, ...where].filter(Boolean).join(" \u00b7 ")),
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

export function scoreboard({ head }) {
  const { row, card, total } = head;
  const rates = [`run rate ${rate(card.run_rate)}`];
  if (card.required_rate !== null) rates.push(`required ${rate(card.required_rate)}`);
  if (card.powerplay) rates.push(`${card.powerplay} powerplay`);
  if (card.free_hit) rates.push("free hit");
  return h(
    "div",
    { class: "board" },
    h(
      "div",
      { class: "batting" },
      card.earlier.map((told) => h("p", { class: "earlier" }, told)),
      h("p", { class: "team" }, card.batting, card.super_over ? " (super over)" : ""),
      h(
        "p",
        { class: "big" },
        `${card.runs}/${card.wickets}`,
        h("span", { class: "overs" }, `${card.overs} ov`),
      ),
      h("p", { class: "rates" }, rates.join(" \u00b7 ")),
      row.result || row.need ? h("p", { class: "need" }, row.result || row.need) : "",
    ),
    h(
      "div",
      { class: "odds" },
      h("p", { class: "team" }, "Win probability"),
      bar(row),
      h(
        "dl",
        {},
        pair(
          "Live forecast",
          `${short(row, card.batting)} ${total.mean.toFixed(0)}`,
          `80 % between ${total.q10.toFixed(0)} and ${total.q90.toFixed(0)}`,
        ),
        pair("Last ball", `${short(row, card.batting)} ${points(head.win_added)} points`, row.ball),
        head.innings_over
          ? ""
          : pair("Leverage", `${(100 * head.leverage).toFixed(1)} points`, "hang on the next ball"),
      ),
    ),
  );
}

function pair(term, said, more) {
  return h(
    "div",
    {},
    h("dt", {}, term),
    h("dd", {}, h("strong", {}, said), h("span", { class: "quiet" }, more)),
  );
}

export function crease({ head }) {
  const { card, bowlers, careers, row } = head;
  return [
    table(
      "Batters",
      ["Batter", "R", "B", "4s", "6s", "SR", "v bowler", "Last 5"],
      card.batters.map((b) => [
        [
          h(
            "span",
            { class: b.on_strike ? "strike" : "" },
            b.name,
            b.on_strike ? h("span", { class: "hidden" }, " on strike") : "",
          ),
          batting(careers[b.id]),
        ],
        h("strong", {}, b.runs),
        b.balls,
        b.fours,
        b.sixes,
        b.balls ? number((100 * b.runs) / b.balls) : "\u2013",
        `${b.against_runs} (${b.against_balls})`,
        lastFive(b.last_balls),
      ]),
    ),
    table(
      "Bowlers",
      ["Bowler", "O", "M", "R", "W", "Econ", "Dots", "4s", "6s", "Spell"],
      bowlers.map((b) => [
        [b.name, bowling(careers[b.id])],
        b.overs,
        b.maidens,
        b.runs,
        h("strong", {}, b.wickets),
        rate(b.economy),
        b.dots,
        b.fours,
        b.sixes,
        spell(b.spell),
      ]),
    ),
    h(
      "dl",
      { class: "facts" },
      fact(
        "Partnership",
        `${card.partnership_runs} (${card.partnership_balls})`,
        card.partnership_balls
          ? `${rate((6 * card.partnership_runs) / card.partnership_balls)} an over`
          : "",
      ),
      card.last_wicket ? fact("Last wicket", card.last_wicket) : "",
      card.fall.length
        ? fact(
            "Fall of wickets",
            card.fall.map((w, i) => `${i + 1}-${w.runs} (${w.name}, ${w.overs})`).join(", "),
          )
        : "",
      card.reviews.length
        ? fact(
            "Reviews left",
            card.reviews.map((r) => `${short(row, r[0])} ${r[2]}`).join(", "),
            "of this innings",
          )
        : "",
      card.milestones.length ? fact("Milestone", card.milestones.join(", ")) : "",
    ),
    h(
      "p",
      { class: "note" },
      "Careers are of earlier matches that this page has seen, not of a record book.",
    ),
  ];
}

const short = (row, team) => row.short[team === row.teams[0] ? 0 : 1];
const fact = (term, said, more = "") =>
  h(
    "div",
    {},
    h("dt", {}, term),
    h("dd", {}, said, more ? h("span", { class: "quiet" }, ` ${more}`) : ""),
  );
const spell = (told) => told.replace(/^(.*)-(\d+)$/, "$1 ov, $2");

function lastFive(marks) {
  const runs = marks.reduce(
    (sum, mark) => sum + (/^\d+/.test(mark) && !/lb|b|wd/.test(mark) ? parseInt(mark, 10) : 0),
    0,
  );
  return [
    h("span", { class: "marks" }, marks.join(" ")),
    ` ${runs} (${marks.filter((m) => !m.includes("wd")).length})`,
  ];
}

const career = (text) => h("span", { class: "career" }, text);
const seen = (c) => `${c.matches} ${c.matches === 1 ? "match" : "matches"}`;

function batting(c) {
  return career(
    c
      ? `career: ${seen(c)}, ${c.runs} runs, highest ${c.highest || "\u2013"}, average ${number(c.average)}`
      : "career: first seen here",
  );
}

function bowling(c) {
  return career(
    c
      ? `career: ${seen(c)}, ${plural(c.wickets, "wicket")}, best ${c.best || "\u2013"}, average ${number(c.bowling_average)}`
      : "career: first seen here",
  );
}

export function over({ head }) {
  const who = head.card.bowler?.name ?? "";
  return h(
    "p",
    { class: "this-over" },
    h("span", { class: "quiet" }, `This over, ${who}: `),
    head.card.this_over.map((mark) => ball(mark)),
  );
}

export function next({ head }) {
  if (head.innings_over || !Object.keys(head.next_ball).length)
    return h("p", { class: "quiet" }, `Innings over: ${head.innings_over}`);
  const most = Math.max(...NEXT.map((name) => head.next_ball[name] ?? 0));
  return h(
    "ul",
    { class: "bars" },
    NEXT.map((name) => {
      const chance = head.next_ball[name] ?? 0;
      return h(
        "li",
        {},
        h("span", {}, name),
        h(
          "div",
          { class: "track", "aria-hidden": "true" },
          width(h("div", { class: `fill ${name === "wicket" ? "out" : ""}` }), chance / most),
        ),
        h("span", {}, perCent(chance)),
      );
    }),
  );
}

export function turning({ head, points: all, cards }) {
  const batting = Object.fromEntries(
    cards.map((card) => [card.number, short(head.row, card.batting)]),
  );
  const found = head.turning
    .map(([seq, rank]) => all.find((p) => p.seq === seq && p.rank === rank))
    .filter(Boolean);
  if (!found.length) return h("p", { class: "quiet" }, "None yet.");
  return h(
    "ol",
    { class: "turns" },
    found.map((p) => {
      const side = p.added >= 0 ? 0 : 1;
      return h(
        "li",
        {},
        h("span", { class: "when" }, `${batting[p.innings] ?? ""} ${p.ball}`),
        ball(p.mark),
        h(
          "span",
          { class: "what" },
          p.text,
          h("span", { class: "quiet" }, ` ${p.runs}/${p.wickets}`),
        ),
        h(
          "strong",
          { class: side ? "two" : "one" },
          `${head.row.short[side]} ${points(Math.abs(p.added))}`,
        ),
      );
    }),
  );
}

export function shares({ head }) {
  const ranked = [...head.shares]
    .sort((a, b) => Math.abs(b.added) - Math.abs(a.added))
    .slice(0, 10)
    .sort((a, b) => b.added - a.added);
  const most = Math.max(0.01, ...ranked.map((s) => Math.abs(s.added)));
  return h(
    "ul",
    { class: "bars both" },
    ranked.map((s) =>
      h(
        "li",
        {},
        h(
          "span",
          {},
          s.name,
          h("span", { class: "quiet" }, ` ${s.team ? short(head.row, s.team) : ""}`),
        ),
        h(
          "div",
          { class: "track", "aria-hidden": "true" },
          width(h("div", { class: `fill ${s.added < 0 ? "out" : ""}` }), Math.abs(s.added) / most),
        ),
        h("span", {}, points(s.added)),
      ),
    ),
  );
}

export function confidence({ head }) {
  const c = head.confidence;
  if (!c)
    return h(
      "p",
      { class: "quiet" },
      "No match of this kind has been settled here yet, so its word cannot be checked.",
    );
  return h(
    "p",
    {},
    "Of 100 times it said ",
    h("strong", {}, `${(100 * c.said).toFixed(0)} %`),
    ", ",
    h("strong", {}, (100 * c.happened).toFixed(0)),
    " happened: ",
    `${plural(c.balls, "ball")} of ${c.matches} settled matches seen here.`,
  );
}

export function model({ head }) {
  return h(
    "p",
    { class: "note" },
    `Model ${head.model_key} ${head.model}, history ${head.history}, code ${head.code}. `,
    h("a", { href: "/models" }, "How good is it?"),
  );
}
