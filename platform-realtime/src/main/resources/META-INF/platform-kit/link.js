// One connection.

import { EventsCarrier, WebSocketCarrier } from './carriers.js';

/** One connection, or the attempt at one; watches whether the server is there. */
export class Link {
  carrier;
  connectedAt;
  comeBack; // ms, if the server said so
  #options;
  #events;
  #syncing = 0; // subscribes that are not answered
  #heardAt;
  #askedAt; // while an answer is due
  #timer;
  #ended = false;

  constructor(options, events) {
    this.#options = options;
    this.#events = events;
  }

  open(transport, base, token, events) {
    const Carrier = transport === 'sse' ? EventsCarrier : WebSocketCarrier;
    const own = { heard: () => this.heard(), ended: (how) => this.end(how) };
    this.#askedAt = performance.now();
    this.#watch();
    this.carrier = new Carrier(base, token, this.#options, { ...events, ...own });
  }

  get connected() {
    return this.connectedAt !== undefined;
  }

  /** @returns {State} */
  get state() {
    if (!this.connected) return 'connecting';
    if (this.#isSilent()) return 'degraded';
    return this.#syncing > 0 ? 'syncing' : 'streaming';
  }

  #isSilent() {
    return performance.now() - this.#askedAt >= this.#options.patience / 4;
  }

  sync(change) {
    this.#syncing += change;
    this.#events.changed();
  }

  greeted(session) {
    this.connectedAt = this.#heardAt = performance.now();
    this.#askedAt = undefined;
    this.carrier.session = session;
  }

  heard() {
    if (!this.connected) return;
    this.#heardAt = performance.now();
    if (this.#askedAt === undefined) return;
    this.#askedAt = undefined;
    this.#events.changed();
  }

  probe() {
    if (!this.connected || this.#askedAt !== undefined) return;
    this.#askedAt = performance.now();
    this.carrier.send(JSON.stringify({ type: 'ping' }));
    this.#watch();
  }

  #watch() {
    clearTimeout(this.#timer);
    const { heartbeat, patience } = this.#options;
    const now = performance.now();
    if (this.#askedAt === undefined) {
      const quiet = now - this.#heardAt;
      if (quiet >= heartbeat) this.probe();
      else this.#timer = setTimeout(() => this.#watch(), heartbeat - quiet);
      return;
    }
    const waits = now - this.#askedAt;
    if (waits >= patience) {
      this.end({});
      return;
    }
    this.#timer = setTimeout(() => this.#watch(), (this.#isSilent() ? patience : patience / 4) - waits);
    this.#events.changed();
  }

  end(how) {
    if (this.#ended) return;
    this.close();
    this.#events.lost(how);
  }

  close() {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.carrier?.close();
  }
}
