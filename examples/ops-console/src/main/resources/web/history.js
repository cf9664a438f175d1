// The whole history of one series: each zoom is a new question to the server.

import * as api from './api.js';
import { lineChart } from './charts.js';
import { count, duration, formatterOf, millis, moment, seriesName } from './format.js';
import { colour } from './theme.js';

const RANGES = [
  ['15m', 15 * 60_000], ['1h', 3_600_000], ['6h', 6 * 3_600_000], ['24h', 86_400_000],
  ['7d', 7 * 86_400_000], ['30d', 30 * 86_400_000], ['90d', 90 * 86_400_000],
  ['1y', 365 * 86_400_000], ['All', Infinity],
];
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
const SHORTEST_MS = 2000;
const SETTLE_MS = 120; // after the last turn of the wheel
const SMALLEST_DRAG_PX = 5;
const TARGET_STEPS = 400;

const byId = (id) => document.getElementById(id);

export class History {
  constructor() {
    this.frame = byId('history-frame');
    this.canvas = byId('history-chart');
    this.catalog = [];
    this.extent = null; // {from, to} of the whole series
    this.view = null; // {from, to} of what is shown
    this.request = null;
    this.settle = null;
    this.drag = null;
    this.chart = this.newChart('number');
    this.listen();
  }

  newChart(unit) {
    this.format = formatterOf(unit);
    this.unit = unit;
    const line = { label: '', tone: '--s1', shaded: true };
    const selection = { id: 'selection', afterDraw: (chart) => this.drawSelection(chart) };
    return lineChart(this.canvas, { lines: [line], unit, format: (v) => this.format(v), plugins: [selection] });
  }

  /** What there is to choose from; keeps what is chosen. */
  async refresh() {
    this.catalog = await api.metrics();
    const metric = byId('history-metric');
    if (metric.options.length === this.catalog.length) return;
    const chosen = metric.value;
    metric.replaceChildren(...this.catalog.map((entry) => new Option(entry.metric, entry.metric)));
    const first = this.catalog.find((entry) => entry.metric === 'demo.load') ?? this.catalog[0];
    metric.value = this.catalog.some((entry) => entry.metric === chosen) ? chosen : (first?.metric ?? '');
    if (metric.value !== chosen) this.metricChosen();
  }

  listen() {
    byId('history-metric').addEventListener('change', () => this.metricChosen());
    byId('history-series').addEventListener('change', () => this.showRange(Infinity));
    byId('history-aggregation').addEventListener('change', () => this.load());
    byId('history-form').addEventListener('submit', (event) => event.preventDefault());
    for (const button of document.querySelectorAll('[data-action]')) {
      button.addEventListener('click', () => this.act(button.dataset.action));
    }
    byId('history-ranges').replaceChildren(...RANGES.map((range) => this.rangeButton(range)));
    this.frame.addEventListener('keydown', (event) => this.key(event));
    this.frame.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.frame.addEventListener('dblclick', () => this.act('reset'));
    this.frame.addEventListener('pointerdown', (event) => this.dragStart(event));
    this.frame.addEventListener('pointermove', (event) => this.dragMove(event));
    this.frame.addEventListener('pointerup', (event) => this.dragEnd(event));
    this.frame.addEventListener('pointercancel', () => this.dragDone());
  }

  rangeButton([name, length]) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = name;
    button.dataset.length = String(length);
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => this.showRange(length));
    return button;
  }

  metricChosen() {
    const entry = this.entry();
    const options = entry.series.map((labels, i) => new Option(seriesName(labels), String(i)));
    byId('history-series').replaceChildren(...options);
    const total = entry.series.findIndex((labels) => labels.core === 'total');
    byId('history-series').value = String(Math.max(0, total));
    this.showRange(Infinity);
  }

  entry() {
    return this.catalog.find((entry) => entry.metric === byId('history-metric').value);
  }

  /** The parameters that name the chosen series. */
  series() {
    const entry = this.entry();
    const labels = entry.series[Number(byId('history-series').value)] ?? {};
    return [['metric', entry.metric], ...Object.entries(labels).map(([n, v]) => [`label.${n}`, v])];
  }

  /** Shows the end of the series, as long as asked; Infinity is all of it. */
  async showRange(length) {
    this.markRange(length);
    const done = this.begin();
    try {
      const ends = [...this.series(), ['from', '0'], ['points', '2']];
      const { data } = await api.timeseries(ends, done.signal);
      this.extent = extentOf(data);
      const { from, to } = this.extent;
      this.view = { from: Math.max(from, to - length), to };
      await this.load();
    } catch (error) {
      this.failed(error, done);
    }
  }

  markRange(length) {
    for (const button of byId('history-ranges').children) {
      button.setAttribute('aria-pressed', String(button.dataset.length === String(length)));
    }
  }

  act(action) {
    if (action === 'reset') {
      this.showRange(Infinity);
      return;
    }
    if (this.view === null) return;
    const { from, to } = this.view;
    const span = to - from;
    const moves = {
      in: [from + span / 4, to - span / 4],
      out: [from - span / 2, to + span / 2],
      left: [from - span / 4, to - span / 4],
      right: [from + span / 4, to + span / 4],
    };
    this.show(...moves[action]);
  }

  key(event) {
    const actions = {
      '+': 'in', '=': 'in', '-': 'out', _: 'out', ArrowLeft: 'left', ArrowRight: 'right', Home: 'reset',
    };
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.act(action);
  }

  wheel(event) {
    if (this.view === null) return;
    event.preventDefault();
    const { from, to } = this.view;
    const centre = this.timeAt(event);
    const factor = Math.exp(Math.sign(event.deltaY) * Math.min(0.5, Math.abs(event.deltaY) / 300));
    this.show(centre - (centre - from) * factor, centre + (to - centre) * factor, SETTLE_MS);
  }

  /** Shows a window, moved and cut so that it lies within the series. */
  show(from, to, wait = 0) {
    const whole = this.extent.to - this.extent.from;
    const span = Math.min(whole, Math.max(SHORTEST_MS, to - from));
    const middle = (from + to) / 2;
    const start = Math.min(Math.max(middle - span / 2, this.extent.from), this.extent.to - span);
    this.view = { from: Math.floor(start), to: Math.ceil(start + span) };
    this.markRange(span >= whole ? Infinity : NaN);
    this.drawWindow();
    clearTimeout(this.settle);
    if (wait > 0) this.settle = setTimeout(() => this.load(), wait);
    else this.load();
  }

  drawWindow() {
    const { x } = this.chart.options.scales;
    x.min = this.view.from;
    x.max = this.view.to;
    this.chart.update('none');
  }

  /** Starts a question; whichever still runs is not wanted any more. */
  begin() {
    this.request?.abort();
    this.request = new AbortController();
    byId('history-busy').hidden = false;
    this.frame.setAttribute('aria-busy', 'true');
    return this.request;
  }

  end(request) {
    if (request !== this.request) return;
    byId('history-busy').hidden = true;
    this.frame.setAttribute('aria-busy', 'false');
  }

  async load() {
    if (this.view === null) return;
    const request = this.begin();
    try {
      const { data, roundTrip } = await api.timeseries(this.question(), request.signal);
      this.draw(data);
      this.tell(data, roundTrip);
      this.end(request);
    } catch (error) {
      this.failed(error, request);
    }
  }

  question() {
    const { from, to } = this.view;
    const aggregation = byId('history-aggregation').value;
    const range = [['from', String(from)], ['to', String(to)]];
    const points = [['points', String(Math.max(200, Math.min(1920, Math.round(this.canvas.clientWidth))))]];
    if (aggregation === '') return [...this.series(), ...range, ...points];
    const wanted = (to - from) / 1000 / TARGET_STEPS;
    const step = STEPS.find((seconds) => seconds >= wanted) ?? STEPS.at(-1);
    return [...this.series(), ...range, ...points, ['step', `${step}s`], ['aggregation', aggregation]];
  }

  failed(error, request) {
    if (request.signal.aborted) return;
    this.say(error.message, true);
    this.end(request);
  }

  /** Covers the chart with a text; an empty one takes it away. */
  say(text, isError = false) {
    const empty = byId('history-empty');
    empty.textContent = text;
    empty.hidden = text === '';
    empty.toggleAttribute('data-error', isError);
    if (isError) byId('history-live').textContent = text;
  }

  draw(data) {
    const unit = this.entry().unit;
    if (unit !== this.unit) {
      this.chart.destroy();
      this.chart = this.newChart(unit);
    }
    const [line] = this.chart.data.datasets;
    line.label = data.metric;
    line.data = data.points.map(({ timestamp, value }) => ({ x: Date.parse(timestamp), y: value }));
    this.drawWindow();
    this.say(data.points.length === 0 ? 'No samples in this window' : '');
  }

  /** Writes the figures, the text alternative, and what a screen reader announces. */
  tell(data, roundTrip) {
    const { from, to } = this.view;
    byId('fact-raw').textContent = count(data.raw_count);
    byId('fact-shown').textContent = count(data.shown_count);
    byId('fact-ratio').textContent = data.shown_count > 0 ? `${count(data.raw_count / data.shown_count)} : 1` : '–';
    byId('fact-query').textContent = millis(data.query_ms);
    byId('fact-trip').textContent = millis(roundTrip);
    byId('fact-window').textContent = duration(to - from);
    const range = `${moment(from)} to ${moment(to)}`;
    const step = data.step ? `, ${data.aggregation} of ${data.step.slice(2).toLowerCase()} steps` : '';
    byId('history-window').textContent = `${moment(from)} – ${moment(to)}${step}`;
    const figures = `${count(data.raw_count)} samples shown as ${count(data.shown_count)} points`;
    byId('history-live').textContent = `${range}: ${figures}, query ${millis(data.query_ms)}`;
    this.canvas.setAttribute('aria-label', `${data.metric}, ${seriesName(data.labels)}, ${range}: ${figures}${this.extremes(data)}`);
  }

  extremes(data) {
    const values = data.points.map((point) => point.value).filter((value) => value !== null);
    if (values.length === 0) return '';
    const least = values.reduce((a, b) => Math.min(a, b));
    const most = values.reduce((a, b) => Math.max(a, b));
    return `; from ${this.format(least)} to ${this.format(most)}, last ${this.format(values.at(-1))}`;
  }

  /** The time under the pointer, within the chart's area. */
  timeAt(event) {
    const { left, right } = this.chart.chartArea;
    const x = event.clientX - this.canvas.getBoundingClientRect().left;
    return this.chart.scales.x.getValueForPixel(Math.min(right, Math.max(left, x)));
  }

  dragStart(event) {
    if (event.button !== 0 || event.pointerType === 'touch' || this.view === null) return;
    this.frame.setPointerCapture(event.pointerId);
    const time = this.timeAt(event);
    this.drag = { start: time, end: time };
  }

  dragMove(event) {
    if (this.drag === null) return;
    this.drag.end = this.timeAt(event);
    this.chart.draw();
  }

  dragEnd(event) {
    if (this.drag === null) return;
    const from = Math.min(this.drag.start, this.timeAt(event));
    const to = Math.max(this.drag.start, this.timeAt(event));
    const { x } = this.chart.scales;
    const wide = x.getPixelForValue(to) - x.getPixelForValue(from) >= SMALLEST_DRAG_PX;
    this.dragDone();
    if (wide) this.show(from, to);
  }

  dragDone() {
    this.drag = null;
    this.chart.draw();
  }

  drawSelection({ ctx, chartArea, scales }) {
    if (this.drag === null) return;
    const a = scales.x.getPixelForValue(this.drag.start);
    const b = scales.x.getPixelForValue(this.drag.end);
    ctx.save();
    ctx.fillStyle = `${colour('--accent')}33`;
    ctx.strokeStyle = colour('--accent');
    ctx.fillRect(Math.min(a, b), chartArea.top, Math.abs(b - a), chartArea.height);
    ctx.strokeRect(Math.min(a, b), chartArea.top, Math.abs(b - a), chartArea.height);
    ctx.restore();
  }
}

function extentOf(data) {
  if (data.points.length === 0) throw new Error('This series has no samples');
  const from = Date.parse(data.points[0].timestamp);
  const to = Date.parse(data.points.at(-1).timestamp) + 1;
  return { from, to: Math.max(to, from + SHORTEST_MS) };
}
