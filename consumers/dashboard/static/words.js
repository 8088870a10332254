// Numbers and names as people read them; numbers by the rules of consumers/phrases.py.

export function perCent(chance) {
  if (chance === 0 || chance === 1) return `${100 * chance} %`;
  return `${Math.min(Math.max(100 * chance, 0.1), 99.9).toFixed(1)} %`;
}

export function points(added) {
  const rounded = Math.round(added * 1000) / 10 + 0;
  return `${rounded < 0 ? "\u2212" : "+"}${Math.abs(rounded).toFixed(1)}`;
}

export function rate(value) {
  return (Math.floor(value * 100 + 1e-9) / 100).toFixed(2);
}

export function number(value, places = 1) {
  return value === null || value === undefined ? "\u2013" : value.toFixed(places);
}

export function ago(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

export function plural(count, thing) {
  return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}

// How often something happened, and the interval of that: "69 of 100 times", "55 to 80".
export function outOfHundred({ happened, least, most }) {
  const [share, low, high] = [happened, least, most].map((part) => (100 * part).toFixed(0));
  return { times: `${share} of 100 times`, interval: `${low} to ${high}` };
}

// The first-named side's chance as a short text; "" where nobody could win any more.
export function firstChance(row) {
  return row.chances ? `${row.short[0]} ${perCent(row.chances[0])}` : "";
}

export function shortName(row, team) {
  return row.short[team === row.teams[0] ? 0 : 1];
}
