// The last five minutes: polls once a second, asks only for what is new, survives outages.

import * as api from './api.js';

export const WINDOW_MS = 5 * 60_000;
const POLL_MS = 1000;
export const SHORTEST_MS = 60_000; // of a window that is still filling
const OVERLAP_MS = 2000; // samples carry the time at which they were begun
export const MACHINE = [
  'cpu.usage', 'memory.used', 'memory.total', 'swap.used', 'network.rx', 'network.tx', 'disk.read',
  'disk.write', 'disk.used', 'disk.total', 'load.1m', 'load.5m', 'load.15m', 'jvm.heap.used',
  'jvm.heap.max', 'jvm.threads', 'jvm.gc.time',
];

/** Series by metric and labels, points in order. */
export class Series {
  constructor() {
    this.byKey = new Map();
  }

  merge(answer) {
    for (const { metric, labels, points } of answer.series) {
      const key = `${metric} ${JSON.stringify(labels)}`;
      const known = this.byKey.get(key) ?? { metric, labels, points: [] };
      const last = known.points.at(-1)?.x ?? -Infinity;
      for (const { timestamp, value } of points) {
        const x = Date.parse(timestamp);
        if (x > last) known.points.push({ x, y: value });
      }
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

/** Polls until the page goes; tells of data and of states. */
export class Feed {
  /** onState is called with connecting, live, paused or disconnected, and the reason. */
  constructor({ metrics, onData, onState }) {
    this.metrics = metrics;
    this.onData = onData;
    this.onState = onState;
    this.series = new Series();
    this.end = null; // end of the last answer, by the server's clock
    this.askedAt = -Infinity;
    this.timer = null;
    this.request = null;
  }

  start() {
    document.addEventListener('visibilitychange', () => (document.hidden ? this.pause() : this.resume()));
    if (document.hidden) this.pause();
    else this.resume();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
    this.request?.abort();
    this.onState('paused');
  }

  resume() {
    if (this.timer === null) this.poll();
  }

  range() {
    const missed = performance.now() - this.askedAt;
    if (this.end === null || missed > WINDOW_MS - OVERLAP_MS) return [['preset', '5m']];
    return [['from', String(this.end - OVERLAP_MS)]];
  }

  async poll() {
    this.timer = -1;
    const request = (this.request = new AbortController());
    const started = performance.now();
    try {
      const { data } = await api.multiSeries([['metrics', this.metrics.join(',')], ...this.range()], request.signal);
      if (request.signal.aborted) return;
      this.askedAt = started;
      this.end = Date.parse(data.to);
      this.series.merge(data);
      this.series.forgetBefore(this.end - WINDOW_MS - OVERLAP_MS);
      this.onData(this.series, this.end);
      this.onState('live');
    } catch (error) {
      if (request.signal.aborted) return;
      this.onState('disconnected', error);
    }
    if (document.hidden) return;
    this.timer = setTimeout(() => this.poll(), Math.max(0, POLL_MS - (performance.now() - started)));
  }
}
