// The browser's client of the realtime protocol (docs/protocol.md): over a WebSocket, or over server-sent events and
// POST. It comes back by itself, gets what it missed, keeps what is sent while offline, and publishes once.
//
//   const client = connect('https://example.org', { token: () => fetchToken() });
//   client.subscribe('news/a', (message) => show(message.payload), { onGap: () => readAnew() });
//   client.addEventListener('state', ({ detail }) => (badge.textContent = detail.state));
//   await client.publish('news/a', 'line', { text: 'hello' });

import { call, rethrowLater } from './calls.js';
import { Link } from './link.js';
import { Outbox } from './outbox.js';
import { RealtimeError, unlessLost } from './realtime-error.js';
import { Subscriptions } from './subscriptions.js';

export { RealtimeError };

/** @typedef {'connecting' | 'streaming' | 'syncing' | 'degraded' | 'offline'} State */
/** @typedef {{version: number, type: string, id?: string, topic?: string, offset?: string, timestamp?: string,
 *   payload?: any, metadata?: Record<string, string>}} Message an envelope of the protocol */
/** @typedef {{reason: 'trimmed' | 'epoch' | 'rolled_back' | 'missed', offset?: string}} Gap */
/** @typedef {{id: string, offset?: string, duplicate: boolean}} Published */
/** @typedef {{from?: string, onGap?: (gap: Gap) => void}} SubscribeOptions `from` is an offset or `'oldest'`; without
 *   it a subscription begins now. `onGap` hears that messages are lost: state made of them must be read anew. */
/**
 * @typedef {object} Options
 * @property {string | (() => string | Promise<string>)} [token] the credentials; a function is asked again when they
 *   have expired, and once when they are refused
 * @property {'auto' | 'websocket' | 'sse'} [transport] default `'auto'`: WebSocket, and server-sent events where it can't
 *   be opened
 * @property {string} [webSocketPath] below the URL, default `'ws'`
 * @property {string} [eventsPath] below the URL, default `'sse'`
 * @property {number} [queue] most messages that wait while offline, default 100
 * @property {number} [timeout] of an answer in ms, default 10,000
 * @property {number} [maxMessageBytes] as the server has it, default 60 KiB
 * @property {number} [messagesPerSecond] that the server takes, default 100; what is more waits its turn
 * @property {number} [minDelay] bound of the first delay before it comes back in ms, default 1,000; doubles each time
 * @property {number} [maxDelay] bound of all of them in ms, default 30,000
 * @property {number} [heartbeat] silence in ms after which the server is asked whether it is there, default 30,000
 * @property {number} [patience] ms until it must have answered, also when connecting, default 10,000
 */

const DEFAULTS = {
  token: undefined, transport: 'auto', webSocketPath: 'ws', eventsPath: 'sse', queue: 100, timeout: 10_000,
  maxMessageBytes: 60 * 1024, messagesPerSecond: 100, minDelay: 1000, maxDelay: 30_000, heartbeat: 30_000, patience: 10_000,
};
const EXPIRED = 4002;
const FINAL = 4500; // from here on the same attempt would end in the same way
const UNAUTHORIZED = 4501;
const TOO_LARGE = 1009;
const STABLE_MS = 5000; // a connection that lasted so long begins a new row of delays

/**
 * Connects, and stays connected until `close()`.
 *
 * @param {string | URL} [url] where the server's paths are, default the page's origin
 * @param {Options} [options]
 * @returns {Client}
 */
export function connect(url = '/', options = {}) {
  return new Client(url, options);
}

/**
 * A connection that comes back. Its own events are `state` (`detail`: `{state, transport}`), `error` (`detail`: a
 * `RealtimeError`) and `binary` (`detail`: an `ArrayBuffer`); messages go to the handlers of their topic and type.
 */
export class Client extends EventTarget {
  #options;
  #base;
  #outbox;
  #link; // the connection, or the attempt at one
  #state = 'offline';
  #ended = false;
  #connectedBy; // the transport that has worked
  #attempts = 0;
  #token;
  #tokenRenewed = false;
  #retry;
  #handlers = new Map();
  #answerers = new Map();
  #subscriptions = new Subscriptions((message, answered) => this.#command(message, answered), (failure) => this.#report(failure));
  #online = () => (this.#link ? this.#link.probe() : this.#retry && this.#connect());

  constructor(url, options) {
    super();
    this.#options = { ...DEFAULTS, ...options };
    this.#base = new URL(url, globalThis.location?.href);
    this.#base.pathname = this.#base.pathname.replace(/\/?$/, '/');
    this.#outbox = new Outbox(this.#options);
    globalThis.addEventListener?.('online', this.#online);
    queueMicrotask(() => this.#connect()); // so that listeners of its states hear the first one
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** @returns {'websocket' | 'sse' | undefined} what carries messages now */
  get transport() {
    return this.#link?.carrier?.name;
  }

  /** Hears all messages of a type, of whatever topic. Returns what ends it. */
  on(type, handler) {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers.add(handler));
    return () => handlers.delete(handler);
  }

  /** Answers what the server asks of a type; nothing is answered if the handler fails. */
  onRequest(type, handler) {
    this.#answerers.set(type, handler);
  }

  /**
   * Receives a topic until `unsubscribe`, across connections.
   *
   * @param {string} topic
   * @param {(message: Message) => void} [handler]
   * @param {SubscribeOptions} [options]
   * @returns {Promise<{offset?: string}>} where it began; rejected with `refused`, which is an
   *   `error` event too, as the server may refuse it on a later connection
   * @throws {Error} if it is subscribed already
   */
  subscribe(topic, handler, options = {}) {
    return this.#subscriptions.open({ topic }, handler, options);
  }

  unsubscribe(topic) {
    this.#subscriptions.drop({ topic });
  }

  /** As `subscribe`, of a room: its members hear of each other. */
  join(room, handler, options = {}) {
    return this.#subscriptions.open({ room }, handler, options);
  }

  leave(room) {
    this.#subscriptions.drop({ room });
  }

  /**
   * Publishes. What got no answer is sent again after a reconnect under the same key: on a topic with history it is
   * published once.
   *
   * @returns {Promise<Published>}
   */
  publish(topic, type, payload = null, { key, timeout } = {}) {
    const id = this.#outbox.newId();
    const message = { type: 'publish', id, payload: { topic, type, payload, key: key ?? id } };
    return this.#outbox.add(message, { repeatable: true, timeout });
  }

  /** Sends to the host's handler of a type, at most once; what goes wrong is an `error` event. */
  send(type, payload = null) {
    this.#outbox.add({ type, payload }, { timeout: this.#options.timeout }).catch((failure) => this.#report(failure));
  }

  /** As `send`; gives what the handler answered. */
  request(type, payload = null, { timeout = this.#options.timeout } = {}) {
    return this.#outbox.add({ type, payload }, { timeout });
  }

  /** Sends bytes to the host's handler, at most once. */
  sendBinary(bytes) {
    if (!this.#link?.connected || !this.#link.carrier.sendBinary) {
      throw new RealtimeError('disconnected', 'bytes need an open WebSocket');
    }
    this.#link.carrier.sendBinary(bytes);
  }

  /** Renews the credentials in place; they must be of the same user. */
  refresh(token) {
    const link = this.#link;
    const renew = () => {
      this.#token = token;
      if (link?.carrier) link.carrier.token = token;
    };
    if (link?.connected) return this.#command({ type: 'auth', payload: { token } }).catch(unlessLost).then(renew);
    renew();
    return Promise.resolve();
  }

  /** Ends for good; what waits is rejected with `closed`. */
  close() {
    this.#end(new RealtimeError('closed', 'the client was closed'));
  }

  // Connecting

  async #connect() {
    if (this.#ended) return;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const link = (this.#link = new Link(this.#options, {
      lost: (how) => link === this.#link && this.#lost(how),
      changed: () => this.#update(),
    }));
    this.#update();
    try {
      this.#token ??= await this.#askToken();
      if (link !== this.#link) return;
      link.open(this.#transportNow(), this.#base, this.#token, {
        message: (text) => link === this.#link && this.#receive(text),
        binary: (bytes) => link === this.#link && this.#emit('binary', bytes),
      });
    } catch (failure) {
      this.#report(new RealtimeError('connect', 'could not connect', { cause: failure }));
      link.end({});
    }
  }

  #askToken() {
    const { token } = this.#options;
    return typeof token === 'function' ? token() : token;
  }

  /** Until one has worked, each third attempt goes without a WebSocket. */
  #transportNow() {
    const { transport } = this.#options;
    if (transport !== 'auto') return transport;
    return this.#connectedBy ?? (this.#attempts % 3 === 2 ? 'sse' : 'websocket');
  }

  #connected({ session }) {
    const link = this.#link;
    link.greeted(session);
    this.#connectedBy = link.carrier.name;
    this.#tokenRenewed = false;
    this.#subscriptions.connected(link);
    this.#outbox.open(link.carrier);
    this.#update();
  }

  #lost({ code = 0, reason = '', retryAfter = 0 }) {
    const { connectedAt, comeBack } = this.#link;
    this.#link = undefined;
    this.#subscriptions.lost();
    this.#outbox.lost(code === TOO_LARGE);
    if (code === EXPIRED || code === UNAUTHORIZED) this.#token = undefined;
    if (code === UNAUTHORIZED && !this.#tokenRenewed && typeof this.#options.token === 'function') {
      this.#tokenRenewed = true;
    } else if (code >= FINAL) {
      this.#end(new RealtimeError(String(code), reason || 'the server refused the connection'), true);
      return;
    }
    if (connectedAt && performance.now() - connectedAt > STABLE_MS) this.#attempts = 0;
    const { minDelay, maxDelay } = this.#options;
    const jittered = Math.random() * Math.min(maxDelay, minDelay * 2 ** this.#attempts++);
    this.#retry = setTimeout(() => this.#connect(), comeBack ?? Math.max(jittered, retryAfter));
    this.#update();
  }

  #end(why, isFailure = false) {
    if (this.#ended) return;
    this.#ended = true;
    globalThis.removeEventListener?.('online', this.#online);
    clearTimeout(this.#retry);
    const link = this.#link;
    this.#link = undefined;
    link?.close();
    this.#outbox.end(why);
    this.#subscriptions.end(why);
    this.#update();
    if (isFailure) this.#report(why);
  }

  /** A command of this connection alone. */
  #command(message, answered) {
    return this.#outbox.add(message, { bound: true, timeout: this.#options.timeout, answered });
  }

  // Receiving

  #receive(text) {
    this.#link.heard();
    let message;
    try {
      message = JSON.parse(text);
    } catch (failure) {
      this.#report(new RealtimeError('malformed', 'a message was no JSON', { cause: failure }));
      return;
    }
    if (message.topic !== undefined) this.#subscriptions.deliver(message) && this.#dispatch(message);
    else if (message.id === undefined || !this.#outbox.settle(message)) this.#control(message);
  }

  #control(message) {
    const { type, id, payload } = message;
    if (type === 'connected') this.#connected(payload);
    else if (type === 'reconnect') this.#link.comeBack = payload.after_ms;
    else if (type === 'closed') this.#link.end(payload);
    else if (type === 'error' && payload.code === 'too_many') this.#outbox.pause();
    else if (type === 'error') this.#report(new RealtimeError(payload.code, payload.message));
    else if (id !== undefined && this.#answerers.has(type)) this.#answer(message);
    else this.#dispatch(message);
  }

  async #answer({ type, id, payload }) {
    const link = this.#link;
    try {
      const answer = (await this.#answerers.get(type)(payload)) ?? null;
      if (link === this.#link) link.carrier.send(JSON.stringify({ type: 'ack', id, payload: answer }));
    } catch (failure) {
      rethrowLater(failure);
    }
  }

  #dispatch(message) {
    for (const handler of this.#handlers.get(message.type) ?? []) call(handler, message);
  }

  // Telling

  #update() {
    const state = this.#link?.state ?? 'offline';
    if (state === this.#state) return;
    this.#state = state;
    this.#emit('state', { state, transport: this.transport });
  }

  #report(failure) {
    this.#emit('error', failure);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
