// How quickly a client may send.

const MARGIN = 0.9; // for what is no command, and for a network that delivers two seconds in one

/** A bucket of tokens, half again as large as a second's: what the server's own bucket surely has room for. */
export class Pace {
  #perSecond;
  #tokens;
  #since = performance.now();

  constructor(messagesPerSecond) {
    this.#perSecond = messagesPerSecond * MARGIN;
    this.#tokens = this.#most;
  }

  get #most() {
    return this.#perSecond * 1.5;
  }

  take() {
    const now = performance.now();
    this.#tokens = Math.min(this.#most, this.#tokens + ((now - this.#since) / 1000) * this.#perSecond);
    this.#since = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** The server takes less. */
  slowDown() {
    this.#perSecond /= 2;
    this.#tokens = 0;
  }

  /** In ms. */
  untilNext() {
    return ((1 - this.#tokens) / this.#perSecond) * 1000;
  }
}
