// Follow a channel: its snapshot, then deltas from the snapshot's cursor, for ever.
// A cursor is epoch-number. Deltas at or before the last number are dropped; a server that cannot
// go on from the cursor sends a snapshot, so nothing is lost or shown twice.

const SILENT_MS = 16000; // three beats
const WAITS_MS = [500, 1000, 2000, 4000, 8000];

export class Feed {
  constructor(channel, url, fold, show, report) {
    Object.assign(this, { channel, url, fold, show, report, doc: null, cursor: "", tries: 0 });
    this.skew = 0; // the server's clock less the browser's, ms
    this.open();
  }

  async open() {
    this.report("connecting");
    try {
      const answer = await fetch(this.url, { headers: { accept: "application/json" } });
      if (answer.status === 401) return location.reload();
      if (answer.status === 404) {
        this.report("missing");
        return this.retry();
      }
      if (!answer.ok) throw new Error(answer.statusText);
      if (this.closed) return undefined;
      this.snapshot(await answer.json());
      this.follow();
    } catch {
      this.report("lost");
      this.retry();
    }
    return undefined;
  }

  follow() {
    const query = new URLSearchParams({ channel: this.channel, after: this.cursor });
    const source = new EventSource(`/api/events?${query}`);
    this.source = source;
    source.addEventListener("snapshot", (event) =>
      this.receive(event, (doc) => this.snapshot(doc)),
    );
    source.addEventListener("delta", (event) =>
      this.receive(event, (delta) => this.delta(event, delta)),
    );
    source.addEventListener("beat", (event) => this.receive(event, (beat) => this.beat(beat)));
    source.addEventListener("gone", () => {
      this.report("missing");
      this.retry(); // it may come back
    });
    source.onopen = () => this.watch();
    source.onerror = () => {
      this.report("lost");
      if (source.readyState === EventSource.CLOSED) this.retry();
    };
    this.watch();
  }

  receive(event, use) {
    this.tries = 0;
    this.watch();
    use(JSON.parse(event.data));
  }

  snapshot(doc) {
    this.cursor = doc.cursor;
    this.skew = doc.now - Date.now();
    this.doc = doc;
    this.report(doc.feed ?? "live");
    this.show(doc, null);
  }

  delta(event, delta) {
    const [epoch, number] = parseCursor(event.lastEventId);
    const [currentEpoch, last] = parseCursor(this.cursor);
    if (epoch !== currentEpoch || number <= last) return;
    this.cursor = event.lastEventId;
    this.doc = this.fold(this.doc, delta);
    this.report("live");
    this.show(this.doc, delta);
  }

  beat(beat) {
    this.skew = beat.now - Date.now();
    this.report(beat.feed);
  }

  // A connection without a sign of life is treated as lost, whatever the browser believes.
  watch() {
    clearTimeout(this.timer);
    if (!this.closed)
      this.timer = setTimeout(() => {
        this.report("lost");
        this.retry();
      }, SILENT_MS);
  }

  retry() {
    clearTimeout(this.timer);
    this.source?.close();
    if (this.closed) return;
    const wait = WAITS_MS[Math.min(this.tries++, WAITS_MS.length - 1)];
    this.timer = setTimeout(() => (this.doc ? this.follow() : this.open()), wait);
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.source?.close();
  }

  now() {
    return Date.now() + this.skew;
  }
}

function parseCursor(cursor) {
  const at = cursor.lastIndexOf("-");
  return [cursor.slice(0, at), Number(cursor.slice(at + 1))];
}
