// What a client sends.

import { Pace } from './pace.js';
import { RealtimeError } from './realtime-error.js';

const TOO_MANY_PAUSE_MS = 1000;

/** Commands that wait for their turn or for their answer, in the order in which they were given. */
export class Outbox {
  #options;
  #pace;
  #prefix = Array.from(crypto.getRandomValues(new Uint32Array(3)), (word) => word.toString(36)).join('');
  #lastId = 0;
  #bound = new Map();
  #others = new Map();
  #unanswered = 0;
  #carrier; // while connected
  #pause;
  #slowedAt = -Infinity;
  #ended;

  constructor(options) {
    this.#options = options;
    this.#pace = new Pace(options.messagesPerSecond);
  }

  newId() {
    return `${this.#prefix}-${++this.#lastId}`;
  }

  /**
   * A repeatable command is sent again after a reconnect; a bound one is of this connection, and goes first. `answered`
   * is called before anything that comes behind the answer, as a promise's handlers are not.
   */
  add(message, { repeatable = false, bound = false, timeout, answered }) {
    const id = message.id ?? this.newId();
    const text = JSON.stringify({ ...message, id });
    const fault = this.#fault(text, bound);
    if (fault) return Promise.reject(fault);
    const command = { id, text, repeatable, bound, answered, sent: false, ...Promise.withResolvers() };
    this.#queueOf(command).set(id, command);
    if (timeout) command.timer = setTimeout(() => this.#fail(command, 'timeout', `no answer within ${timeout} ms`), timeout);
    this.flush();
    return command.promise;
  }

  #queueOf({ bound }) {
    return bound ? this.#bound : this.#others;
  }

  #all() {
    return [...this.#bound.values(), ...this.#others.values()];
  }

  #fault(text, bound) {
    const { queue, maxMessageBytes } = this.#options;
    if (this.#ended) return this.#ended;
    if (text.length * 3 > maxMessageBytes && new TextEncoder().encode(text).length > maxMessageBytes) {
      return new RealtimeError('too_large', `a message must have at most ${maxMessageBytes} bytes`);
    }
    if (!bound && !this.#carrier && this.#others.size >= queue) {
      return new RealtimeError('queue_full', `at most ${queue} messages wait while offline`);
    }
    return undefined;
  }

  open(carrier) {
    this.#carrier = carrier;
    this.flush();
  }

  flush() {
    if (!this.#carrier || this.#pause) return;
    for (const queue of [this.#bound, this.#others]) {
      for (const command of queue.values()) {
        if (this.#unanswered >= this.#carrier.unansweredAtOnce) return;
        if (command.sent) continue;
        if (!this.#pace.take()) {
          this.#wait(this.#pace.untilNext());
          return;
        }
        this.#transmit(command);
      }
    }
  }

  #transmit(command) {
    command.sent = true;
    this.#unanswered++;
    if (command.repeatable) command.again = setTimeout(() => this.#repeat(command), this.#options.timeout);
    this.#carrier.send(command.text);
  }

  #repeat(command) {
    this.#unsend(command);
    this.flush();
  }

  /** Whether a message answers one of ours; an answer that nobody waits for any more is late. */
  settle({ type, id, payload }) {
    if (!String(id).startsWith(this.#prefix)) return false;
    const command = this.#bound.get(id) ?? this.#others.get(id);
    if (command && type === 'error') this.#refused(command, payload);
    else if (command) this.#answer(command, payload);
    return true;
  }

  #answer(command, payload) {
    this.#remove(command).resolve(payload);
    command.answered?.(payload);
  }

  /** What the server found too many it has not taken. */
  #refused(command, { code, message }) {
    if (code !== 'too_many') {
      this.#fail(command, code, message);
      return;
    }
    this.#unsend(command);
    this.pause();
  }

  #fail(command, code, message) {
    this.#remove(command).reject(new RealtimeError(code, message));
  }

  #remove(command) {
    clearTimeout(command.timer);
    clearTimeout(command.again);
    this.#queueOf(command).delete(command.id);
    if (command.sent) this.#unanswered--;
    this.flush();
    return command;
  }

  /** The server takes less: it says so for each that was too many. */
  pause() {
    const now = performance.now();
    if (now - this.#slowedAt < TOO_MANY_PAUSE_MS) return;
    this.#slowedAt = now;
    this.#pace.slowDown();
    this.#wait(TOO_MANY_PAUSE_MS);
  }

  #wait(ms) {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.flush();
    }, ms);
  }

  #unsend(command) {
    clearTimeout(command.again);
    if (command.sent) this.#unanswered--;
    command.sent = false;
  }

  lost(isTooLarge) {
    this.#carrier = undefined;
    clearTimeout(this.#pause);
    this.#pause = undefined;
    for (const command of this.#all().filter(({ sent }) => sent)) {
      if (isTooLarge) this.#fail(command, 'too_large', 'the server found it too large');
      else if (command.repeatable) this.#unsend(command);
      else this.#fail(command, 'disconnected', 'the connection was lost before the answer');
    }
  }

  end(failure) {
    this.#ended = failure;
    this.#carrier = undefined;
    clearTimeout(this.#pause);
    for (const command of this.#all()) this.#remove(command).reject(failure);
  }
}
