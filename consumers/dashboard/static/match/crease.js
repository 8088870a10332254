// Who bats and who bowls, with their careers, and the facts of the innings.

import { h, table } from "../dom.js";
import { number, plural, rate, shortName } from "../words.js";

export function crease({ head }) {
  const { card, bowlers, careers, careers_to, row } = head;
  return [
    batters(card.batters, careers),
    bowling(bowlers, careers),
    facts(card, row),
    h("p", { class: "note" }, careersOf(careers_to)),
  ];
}

// Which matches the careers are of.
export function careersOf(until) {
  if (!until) return "Careers are of earlier matches that this page has seen.";
  return `Careers are of this format's matches in Cricsheet's archives to ${until}, and of those that this page has seen since.`;
}

function batters(players, careers) {
  return table(
    "Batters",
    ["Batter", "R", "B", "4s", "6s", "SR", "v bowler", "Last 5"],
    players.map((b) => [
      [batterName(b), ...career(careers[b.id], battingCareer)],
      h("strong", {}, b.runs),
      b.balls,
      b.fours,
      b.sixes,
      b.balls ? number((100 * b.runs) / b.balls) : "\u2013",
      `${b.against_runs} (${b.against_balls})`,
      lastFive(b.last_balls),
    ]),
  );
}

function batterName(batter) {
  const strike = batter.on_strike ? h("span", { class: "hidden" }, " on strike") : "";
  return h("span", { class: batter.on_strike ? "strike" : "" }, batter.name, strike);
}

// The last balls, and their runs off the bat (balls faced; wides are not).
function lastFive(marks) {
  const runs = marks
    .filter((mark) => /^\d+/.test(mark) && !/lb|b|wd/.test(mark))
    .reduce((sum, mark) => sum + parseInt(mark, 10), 0);
  const faced = marks.filter((mark) => !mark.includes("wd")).length;
  return [h("span", { class: "marks" }, marks.join(" ")), ` ${runs} (${faced})`];
}

function bowling(players, careers) {
  return table(
    "Bowlers",
    ["Bowler", "O", "M", "R", "W", "Econ", "Dots", "4s", "6s", "Spell"],
    players.map((b) => [
      [b.name, ...career(careers[b.id], bowlingCareer)],
      b.overs,
      b.maidens,
      b.runs,
      h("strong", {}, b.wickets),
      rate(b.economy),
      b.dots,
      b.fours,
      b.sixes,
      b.spell.replace(/^(.*)-(\d+)$/, "$1 ov, $2"), // overs-runs
    ]),
  );
}

// The career's line; no line where nothing is known of it.
function career(numbers, describe) {
  if (!numbers) return [];
  return [h("span", { class: "career" }, `career: ${matches(numbers)}, ${describe(numbers)}`)];
}

function battingCareer(c) {
  const highest = c.highest || "\u2013";
  const rates = `average ${number(c.average)}, strike rate ${number(c.strike_rate)}`;
  return `${plural(c.runs, "run")}, highest ${highest}, ${rates}`;
}

function bowlingCareer(c) {
  const best = c.best || "\u2013";
  const rates = `average ${number(c.bowling_average)}, economy ${number(c.economy)}`;
  return `${plural(c.wickets, "wicket")}, best ${best}, ${rates}`;
}

function matches({ matches: count }) {
  return `${count} ${count === 1 ? "match" : "matches"}`;
}

function facts(card, row) {
  const { partnership_runs: runs, partnership_balls: balls } = card;
  const fall = card.fall.map((w, i) => `${i + 1}-${w.runs} (${w.name}, ${w.overs})`).join(", ");
  const reviews = card.reviews.map((r) => `${shortName(row, r[0])} ${r[2]}`).join(", ");
  return h(
    "dl",
    { class: "facts" },
    fact("Partnership", `${runs} (${balls})`, balls ? `${rate((6 * runs) / balls)} an over` : ""),
    fact("Last wicket", card.last_wicket),
    fact("Fall of wickets", fall),
    fact("Reviews left", reviews, "of this innings"),
    fact("Milestone", card.milestones.join(", ")),
  );
}

// A fact and its detail; nothing where there is no such fact.
function fact(term, text, detail = "") {
  if (!text) return "";
  return h(
    "div",
    {},
    h("dt", {}, term),
    h("dd", {}, text, detail ? h("span", { class: "quiet" }, ` ${detail}`) : ""),
  );
}
