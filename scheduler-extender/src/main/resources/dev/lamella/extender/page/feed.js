// The state of the cluster as it changes: server-sent events, read with fetch so that a token can
// be sent along; whole states every ten seconds while the service takes no more listeners.

const SILENCE_MILLIS = 40_000;
const POLL_MILLIS = 10_000;
const PAUSES = [500, 1_000, 2_000, 5_000, 10_000];

export class Feed {
  #onChange; #onLink; #token = null; #last = null; #tries = 0; #run = 0; #abort = null;

  /** onChange(change) gets one whole change; onLink(kind, text) how the connection stands. */
  constructor(onChange, onLink) {
    this.#onChange = onChange;
    this.#onLink = onLink;
  }

  /** Headers of this reader. */
  headers(more = {}) {
    return this.#token ? { ...more, Authorization: `Bearer ${this.#token}` } : more;
  }

  /** Begins anew, with everything, as whoever this token stands for. */
  start(token) {
    this.#token = token;
    this.#last = null;
    this.#tries = 0;
    this.#abort?.abort();
    this.#loop(++this.#run);
  }

  async #loop(run) {
    while (run === this.#run) {
      try {
        await this.#listen(run);
        this.#tries = 0;
      } catch (failure) {
        if (run !== this.#run) return;
        if (failure.status === 401 || failure.status === 403) {
          this.#onLink('who', failure.message);
          return;
        }
        this.#onLink('lost', failure.message);
        if (failure.status === 503) await this.#poll(run).catch(() => {});
        const pause = PAUSES[Math.min(this.#tries++, PAUSES.length - 1)];
        await new Promise((done) => setTimeout(done, pause * (0.75 + Math.random() / 2)));
      }
    }
  }

  async #listen(run) {
    const abort = new AbortController();
    this.#abort = abort;
    let watch = setTimeout(() => abort.abort(), SILENCE_MILLIS);
    try {
      const headers = this.headers({ Accept: 'text/event-stream' });
      if (this.#last) headers['Last-Event-ID'] = this.#last;
      const answer = await fetch('../state/events', { headers, cache: 'no-store', signal: abort.signal });
      if (!answer.ok) throw await refusal(answer);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const parts = new Parts((change, id) => {
        if (id) this.#last = id;
        this.#tries = 0;
        this.#onLink('live', 'live');
        this.#onChange(change);
      });
      for (let read = await reader.read(); !read.done && run === this.#run; read = await reader.read()) {
        clearTimeout(watch);
        watch = setTimeout(() => abort.abort(), SILENCE_MILLIS);
        parts.take(read.value);
      }
    } finally {
      clearTimeout(watch);
    }
  }

  async #poll(run) {
    const change = { whole: true, nodes: [], gone: [], tenants: [], tenantsGone: [] };
    for (let after = ''; after !== null && run === this.#run;) {
      const answer = await fetch(`../state?after=${encodeURIComponent(after)}`, { headers: this.headers(), cache: 'no-store' });
      if (!answer.ok) throw await refusal(answer);
      const page = await answer.json();
      change.nodes.push(...page.nodes);
      Object.assign(change, { tenants: page.tenants, waiting: page.waiting, waitingUnseen: page.waitingUnseen, nodesTotal: page.nodesTotal });
      after = page.next ?? null;
    }
    this.#onChange(change);
    this.#onLink('poll', `as of ${new Date().toLocaleTimeString()}`);
    await new Promise((done) => setTimeout(done, POLL_MILLIS));
  }
}

async function refusal(answer) {
  const text = (await answer.text()).trim().slice(0, 300);
  return Object.assign(new Error(text || `status ${answer.status}`), { status: answer.status });
}

/** Puts events together from pieces of text, and changes from events. */
export class Parts {
  #text = ''; #change = null; #done;

  constructor(done) {
    this.#done = done;
  }

  take(piece) {
    this.#text += piece;
    for (let end = this.#text.indexOf('\n\n'); end >= 0; end = this.#text.indexOf('\n\n')) {
      this.#event(this.#text.slice(0, end));
      this.#text = this.#text.slice(end + 2);
    }
  }

  #event(text) {
    let id = null;
    let data = '';
    for (const line of text.split('\n')) {
      if (line.startsWith('id: ')) id = line.slice(4);
      else if (line.startsWith('data: ')) data += line.slice(6);
    }
    if (!data) return;
    const part = JSON.parse(data);
    if (this.#change) this.#change.nodes.push(...part.nodes);
    else this.#change = part;
    if (!part.more) {
      const change = this.#change;
      this.#change = null;
      this.#done(change, id);
    }
  }
}
