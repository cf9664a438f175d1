// What a client receives.

import { RealtimeError, unlessLost } from './realtime-error.js';
import { Subscription } from './subscription.js';

const ROOMS = 'room/';
const TOPICS_AT_ONCE = 64; // of one subscribe, so that it stays below the server's bound
const TEMPORARY = new Set(['timeout', 'unavailable']); // a subscribe that fails so may succeed later

/** The topics and rooms of a client, across connections. */
export class Subscriptions {
  #byTopic = new Map();
  #command;
  #report;
  #link; // while connected
  #ended;

  /** Commands go out with `command(message, answered)`; what nobody waits for goes to `report(failure)`. */
  constructor(command, report) {
    this.#command = command;
    this.#report = report;
  }

  open({ room, topic = ROOMS + room }, handler, options) {
    if (this.#ended) return Promise.reject(this.#ended);
    if (this.#byTopic.has(topic)) throw new Error(`topic '${topic}' is subscribed already`);
    const subscription = new Subscription(topic, room, handler, options);
    this.#byTopic.set(topic, subscription);
    if (this.#link) this.#resume([subscription]);
    return subscription.begun;
  }

  drop({ room, topic = ROOMS + room }) {
    const subscription = this.#byTopic.get(topic);
    if (!subscription) return;
    this.#byTopic.delete(topic);
    subscription.refused(new RealtimeError('closed', `topic '${topic}' was unsubscribed`));
    const command =
      room === undefined
        ? { type: 'unsubscribe', payload: { topics: [topic] } }
        : { type: 'leave_room', payload: { room } };
    if (this.#link) this.#command(command).catch(unlessLost).catch(this.#report);
  }

  connected(link) {
    this.#link = link;
    this.#resume([...this.#byTopic.values()]);
  }

  lost() {
    this.#link = undefined;
  }

  end(why) {
    this.#ended = why;
    for (const subscription of this.#byTopic.values()) subscription.refused(why);
    this.#byTopic.clear();
  }

  /**
   * Whether others may hear a message too. One of a topic bears an id, whatever type its publisher gave it; a gap does
   * not.
   */
  deliver(message) {
    const subscription = this.#byTopic.get(message.topic);
    if (message.type !== 'gap' || message.id !== undefined) return subscription?.take(message) ?? true;
    subscription?.gap(message.payload);
    return false;
  }

  /** Subscribes behind what each of them had last. */
  #resume(subscriptions) {
    for (const each of subscriptions.filter(({ room }) => room !== undefined)) {
      const command = { type: 'join_room', payload: { room: each.room, offset: each.offset } };
      this.#catchUp(command, [each], (place) => each.began(place));
    }
    const topics = subscriptions.filter(({ room }) => room === undefined);
    for (let i = 0; i < topics.length; i += TOPICS_AT_ONCE) this.#subscribe(topics.slice(i, i + TOPICS_AT_ONCE));
  }

  #subscribe(subscriptions) {
    const offsets = Object.fromEntries(subscriptions.filter(({ offset }) => offset).map(({ topic, offset }) => [topic, offset]));
    const command = { type: 'subscribe', payload: { topics: subscriptions.map(({ topic }) => topic), offsets } };
    this.#catchUp(command, subscriptions, ({ topics, refused }) => {
      for (const each of subscriptions) {
        if (Object.hasOwn(topics, each.topic)) each.began(topics[each.topic]);
        else this.#refuse(each, refused[each.topic]);
      }
    });
  }

  async #catchUp(command, subscriptions, answered) {
    const link = this.#link;
    link.sync(1);
    try {
      await this.#command(command, answered);
    } catch (failure) {
      if (link !== this.#link) return;
      if (TEMPORARY.has(failure.code)) link.end({});
      else for (const each of subscriptions) this.#refuse(each, failure.message);
    } finally {
      link.sync(-1);
    }
  }

  #refuse(subscription, why) {
    if (this.#byTopic.get(subscription.topic) !== subscription) return;
    this.#byTopic.delete(subscription.topic);
    const failure = new RealtimeError('refused', `topic '${subscription.topic}' was refused: ${why}`);
    subscription.refused(failure);
    this.#report(failure);
  }
}
