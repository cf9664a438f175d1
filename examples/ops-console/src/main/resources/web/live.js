// The last five minutes: what the server streams, and what its store has of the time before and of outages.

import { connect } from './client/platform-kit.js';
import * as api from './api.js';

export const WINDOW_MS = 5 * 60_000;
const TOPIC = 'metrics_update';
const RETRY_MS = 1000;
const STATES = {
  connecting: 'connecting', streaming: 'live', syncing: 'catching-up', degraded: 'degraded', offline: 'disconnected',
};
export const SHORTEST_MS = 60_000; // of a window that is still filling
const OVERLAP_MS = 2000; // samples carry the time at which they were begun
export const MACHINE = [
  'cpu.usage', 'memory.used', 'memory.total', 'swap.used', 'network.rx', 'network.tx', 'disk.read',
  'disk.write', 'disk.used', 'disk.total', 'load.1m', 'load.5m', 'load.15m', 'jvm.heap.used',
  'jvm.heap.max', 'jvm.threads', 'jvm.gc.time',
];

/** Adds points that are in order, each time once; those of the past come between what is there. */
function append(points, more) {
  const last = points.at(-1)?.x ?? -Infinity;
  if (more.length > 0 && more[0].x <= last) {
    const had = new Set(points.map(({ x }) => x));
    points.push(...more.filter(({ x }) => !had.has(x)));
    points.sort((a, b) => a.x - b.x);
  } else {
    points.push(...more);
  }
}

/** Series by metric and labels, points in order. */
export class Series {
  constructor() {
    this.byKey = new Map();
  }

  merge(answer) {
    for (const { metric, labels, points } of answer.series) {
      const key = `${metric} ${JSON.stringify(Object.entries(labels).sort())}`;
      const known = this.byKey.get(key) ?? { metric, labels, points: [] };
      append(known.points, points.map(({ timestamp, value }) => ({ x: Date.parse(timestamp), y: value })));
      this.byKey.set(key, known);
    }
  }

  forgetBefore(time) {
    for (const [key, { points }] of this.byKey) {
      const keep = points.findIndex((point) => point.x >= time);
      if (keep < 0) this.byKey.delete(key);
      else points.splice(0, keep);
    }
  }

  /** Where charts begin that end now: five minutes back, less while the console is young. */
  start(end) {
    const firsts = [...this.byKey.values()].map(({ points }) => points[0]?.x ?? end);
    return Math.max(end - WINDOW_MS, Math.min(end - SHORTEST_MS, ...firsts));
  }

  /** All series of a metric, ordered by their labels. */
  of(metric) {
    return [...this.byKey.values()].filter((series) => series.metric === metric);
  }

  /** One line that adds up the series of a metric that the filter takes. */
  sum(metric, filter = () => true) {
    const sums = new Map();
    for (const { points } of this.of(metric).filter((series) => filter(series.labels))) {
      for (const { x, y } of points) {
        sums.set(x, y === null ? (sums.get(x) ?? null) : (sums.get(x) ?? 0) + y);
      }
    }
    return [...sums].map(([x, y]) => ({ x, y })).sort((a, b) => a.x - b.x);
  }

  points(metric, filter = () => true) {
    return this.of(metric).find((series) => filter(series.labels))?.points ?? [];
  }
}

/** Receives what is sampled until the page goes, and reads what it missed; tells of data and of states. */
export class Feed {
  /** onState is called with connecting, live, catching-up, degraded or disconnected, the transport, and the reason. */
  constructor({ metrics, onData, onState }) {
    this.metrics = metrics;
    this.onData = onData;
    this.onState = onState;
    this.series = new Series();
    this.end = null; // of what the page has without a hole, by the server's clock
    this.latest = null; // of what it was told
    this.complete = false;
    this.loading = null;
  }

  start() {
    this.client = connect(new URL('.', location.href), {
      transport: new URLSearchParams(location.search).get('transport') ?? 'auto',
      minDelay: 250,
      maxDelay: 4000,
      heartbeat: 5000,
      patience: 5000,
    });
    this.client.addEventListener('state', () => this.follow());
    const failed = (failure) => this.onState('disconnected', undefined, failure);
    this.client.addEventListener('error', ({ detail }) => failed(detail));
    this.client.subscribe(TOPIC, ({ payload }) => this.take(payload), { onGap: () => this.load() }).catch(failed);
    document.addEventListener('visibilitychange', () => this.show());
  }

  follow() {
    const { state, transport } = this.client;
    if (state === 'streaming' && !this.complete && this.loading === null) this.load();
    this.onState(state === 'streaming' && !this.complete ? 'catching-up' : STATES[state], transport);
  }

  take({ to, series }) {
    const wanted = series.filter(({ metric }) => this.metrics.includes(metric));
    this.merge({ to, series: wanted });
    if (this.complete) this.end = this.latest;
  }

  merge(answer) {
    this.latest = Math.max(this.latest ?? -Infinity, Date.parse(answer.to));
    this.series.merge(answer);
    this.series.forgetBefore(this.latest - WINDOW_MS - OVERLAP_MS);
    this.show();
  }

  /** What nobody sees is not drawn. */
  show() {
    if (!document.hidden && this.latest !== null) this.onData(this.series, this.latest);
  }

  /** Reads from the server's store what came while nobody listened; the newest request counts. */
  async load() {
    this.complete = false;
    this.loading?.abort();
    const request = (this.loading = new AbortController());
    const from = this.end === null ? [['preset', '5m']] : [['from', String(this.end - OVERLAP_MS)]];
    try {
      const { data } = await api.multiSeries([['metrics', this.metrics.join(',')], ...from], request.signal);
      if (request.signal.aborted) return;
      this.complete = true;
      this.merge(data);
      this.end = this.latest;
    } catch {
      if (request.signal.aborted) return;
      setTimeout(() => this.loading === request && this.load(), RETRY_MS);
      return;
    }
    this.loading = null;
    this.follow();
  }
}
