// What carries messages: a WebSocket, or server-sent events and POST.

const UNAUTHORIZED = 4501;
const FORBIDDEN = 4504;
const TOO_LARGE = 1009;

/** Shows the credentials in the first message, so that they are in no log of URLs and a refusal has its code. */
export class WebSocketCarrier {
  name = 'websocket';
  unansweredAtOnce = 50;
  #socket;

  constructor(base, token, { webSocketPath }, events) {
    const url = new URL(webSocketPath, base);
    url.protocol = url.protocol.replace('http', 'ws');
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => token !== undefined && this.send(JSON.stringify({ type: 'auth', payload: { token } }));
    this.#socket.onmessage = ({ data }) => (typeof data === 'string' ? events.message(data) : events.binary(data));
    this.#socket.onerror = () => events.ended({}); // all that Chromium tells where the page's policy forbids it
    this.#socket.onclose = ({ code, reason }) => events.ended({ code, reason });
  }

  send(text) {
    this.#socket.send(text);
  }

  sendBinary(bytes) {
    this.#socket.send(bytes);
  }

  close() {
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onerror = this.#socket.onclose = null;
    this.#socket.close();
  }
}

/** Reads events with fetch: unlike an `EventSource` it can show credentials in a head, and sees why it is refused. */
export class EventsCarrier {
  name = 'sse';
  unansweredAtOnce = 1; // requests that reach different servers may overtake each other
  session;
  token;
  #url;
  #events;
  #abort = new AbortController();
  #sent = Promise.resolve();

  constructor(base, token, { eventsPath }, events) {
    this.#url = new URL(eventsPath, base);
    this.token = token;
    this.#events = events;
    this.#read().catch(() => events.ended({}));
  }

  async #read() {
    const response = await this.#fetch(this.#url, { headers: { Accept: 'text/event-stream' }, cache: 'no-store' });
    if (!response.ok) {
      this.#events.ended(refusal(response));
      return;
    }
    let text = '';
    for await (const chunk of chunks(response.body)) {
      this.#events.heard();
      const blocks = (text + chunk).split(/\r?\n\r?\n/);
      text = blocks.pop();
      blocks.map(dataOf).filter(Boolean).forEach(this.#events.message);
    }
    this.#events.ended({});
  }

  /** One after the other. */
  send(text) {
    this.#sent = this.#sent.then(() => this.#post(text)).catch(() => this.#events.ended({}));
  }

  async #post(body) {
    const url = `${this.#url}/${encodeURIComponent(this.session)}`;
    const response = await this.#fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    if (!response.ok) this.#events.ended(refusal(response));
  }

  #fetch(url, { headers, ...request }) {
    const credentials = this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` };
    return fetch(url, { ...request, headers: { ...headers, ...credentials }, signal: this.#abort.signal });
  }

  close() {
    this.#abort.abort();
  }
}

async function* chunks(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) yield value;
}

function dataOf(block) {
  const lines = block.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  return lines.map((line) => line.slice('data:'.length).replace(/^ /, '')).join('\n');
}

/** A refusal over HTTP, as a close code would say it. */
function refusal(response) {
  const code = { 401: UNAUTHORIZED, 403: FORBIDDEN, 413: TOO_LARGE }[response.status];
  return { code, reason: `status ${response.status}`, retryAfter: Number(response.headers.get('Retry-After')) * 1000 || 0 };
}
