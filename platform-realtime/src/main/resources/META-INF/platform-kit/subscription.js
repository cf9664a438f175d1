// What a client receives of one topic or room.

import { call } from './calls.js';

const REMEMBERED_OFFSETS = 256;

/** One topic or room, and where it is. */
export class Subscription {
  #handler;
  #onGap;
  #begun = Promise.withResolvers();
  #confirmed = false;
  #had = new Set();

  constructor(topic, room, handler = () => {}, { from, onGap = () => {} }) {
    this.topic = topic;
    this.room = room;
    this.offset = from;
    this.#handler = handler;
    this.#onGap = onGap;
    this.begun.catch(() => {}); // who does not wait for it hears of a refusal as an event
  }

  get begun() {
    return this.#begun.promise;
  }

  /** The server has subscribed it; without a history it has missed whatever came in between. */
  began({ offset }) {
    if (this.#confirmed && offset === undefined) call(this.#onGap, { reason: 'missed' });
    this.#confirmed = true;
    this.offset = offset;
    this.#begun.resolve({ offset });
  }

  refused(failure) {
    this.#begun.reject(failure);
  }

  /** Whether the message is a new one. */
  take(message) {
    const { offset } = message;
    if (offset !== undefined) {
      if (this.#had.has(offset)) return false;
      this.#had.add(offset);
      if (this.#had.size > REMEMBERED_OFFSETS) this.#had.delete(this.#had.values().next().value);
      this.offset = offset;
    }
    call(this.#handler, message);
    return true;
  }

  gap(gap) {
    this.offset = gap.offset ?? this.offset;
    call(this.#onGap, gap);
  }
}
