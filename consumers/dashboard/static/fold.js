// Apply a delta to a document. Pure: the result is a new document, the old one stays as it was.

const placeOf = (point) => `${point.seq}.${point.rank}`;
const inOrder = (a, b) => a.seq - b.seq || a.rank - b.rank;

export function match(doc, delta) {
  const points = new Map(doc.points.map((point) => [placeOf(point), point]));
  for (const [seq, rank] of delta.gone) points.delete(`${seq}.${rank}`);
  for (const point of delta.points) points.set(placeOf(point), point);
  return {
    ...doc,
    head: delta.head,
    points: [...points.values()].sort(inOrder),
    cards: byKey(doc.cards, delta.cards, "number"),
  };
}

export function list(doc, delta) {
  const gone = new Set(delta.gone);
  return { ...doc, rows: byKey(doc.rows, delta.rows, "id").filter((row) => !gone.has(row.id)) };
}

export function models(doc, delta) {
  return { ...doc, models: byKey(doc.models, delta.models, "key") };
}

function byKey(old, changed, key) {
  const all = new Map(old.map((item) => [item[key], item]));
  for (const item of changed) all.set(item[key], item);
  return [...all.values()].sort((a, b) => (key === "number" ? a.number - b.number : 0));
}
