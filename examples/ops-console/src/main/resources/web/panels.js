// The tiles and the live charts: what each shows of the feed.

import { lineChart, setLines } from './charts.js';
import { element } from './dom.js';
import { bytes, clock, formatterOf, number, percent } from './format.js';

const rate = formatterOf('bytes/s');
const MOST_CORES = 16;

const isTotal = (labels) => labels.core === 'total';
const isLink = (labels) => !/^(lo|docker|veth|br-|virbr)/.test(labels.interface);
const isDisk = (labels) => !/(\/|^)(dm-|loop|zram|ram|md)\d/.test(labels.device);
const last = (points) => points.findLast((point) => point.y !== null)?.y ?? null;
const share = (used, total) => (used === null || !total ? null : (100 * used) / total);

const TILES = [
  {
    id: 'cpu', title: 'CPU', tone: 1, max: 100,
    line: (s) => s.points('cpu.usage', isTotal),
    value: (s) => percent(last(s.points('cpu.usage', isTotal))),
    sub: (s) => cores(s.of('cpu.usage').length - 1),
  },
  {
    id: 'memory', title: 'Memory', tone: 2,
    line: (s) => s.points('memory.used'),
    max: (s) => last(s.points('memory.total')),
    value: (s) => percent(share(last(s.points('memory.used')), last(s.points('memory.total')))),
    sub: (s) => `${bytes(last(s.points('memory.used')))} of ${bytes(last(s.points('memory.total')))}`,
  },
  {
    id: 'load', title: 'Load, 1 minute', tone: 3,
    line: (s) => s.points('load.1m'),
    value: (s) => number(last(s.points('load.1m')), 2),
    sub: (s) => `5 min ${number(last(s.points('load.5m')), 2)} · 15 min ${number(last(s.points('load.15m')), 2)}`,
  },
  {
    id: 'network', title: 'Network', tone: 6,
    line: (s) => s.sum('network.rx', isLink),
    value: (s) => rate(last(s.sum('network.rx', isLink))),
    sub: (s) => `received; ${rate(last(s.sum('network.tx', isLink)))} sent`,
  },
  {
    id: 'heap', title: 'JVM heap', tone: 4,
    line: (s) => s.points('jvm.heap.used'),
    value: (s) => bytes(last(s.points('jvm.heap.used'))),
    sub: (s) => `of at most ${bytes(last(s.points('jvm.heap.max')))}`,
  },
];

function cores(count) {
  return count === 1 ? '1 core' : count > 1 ? `${count} cores` : '';
}

const PANELS = [
  {
    id: 'cpu', title: 'CPU', unit: 'percent', max: 100, lines: cpuLines,
    caption: (s) => cores(s.of('cpu.usage').length - 1),
  },
  {
    id: 'memory', title: 'Memory', unit: 'bytes',
    lines: () => [
      { label: 'Used', tone: '--s2', shaded: true, points: (s) => s.points('memory.used') },
      { label: 'Swap used', tone: '--s5', points: (s) => s.points('swap.used') },
    ],
    top: (s) => last(s.points('memory.total')),
    caption: (s) => `${bytes(last(s.points('memory.total')))} in total`,
  },
  {
    id: 'network', title: 'Network', unit: 'bytes/s',
    lines: () => [
      { label: 'Received', tone: '--s6', shaded: true, points: (s) => s.sum('network.rx', isLink) },
      { label: 'Sent', tone: '--s4', points: (s) => s.sum('network.tx', isLink) },
    ],
    caption: (s) => names(s.of('network.rx').map((x) => x.labels).filter(isLink).map((l) => l.interface)),
  },
  {
    id: 'disk', title: 'Disk', unit: 'bytes/s',
    lines: () => [
      { label: 'Read', tone: '--s2', shaded: true, points: (s) => s.sum('disk.read', isDisk) },
      { label: 'Written', tone: '--s3', points: (s) => s.sum('disk.write', isDisk) },
    ],
    caption: fullestDisk,
  },
  {
    id: 'load', title: 'Load average', unit: 'number',
    lines: () => [
      { label: '1 min', tone: '--s3', shaded: true, points: (s) => s.points('load.1m') },
      { label: '5 min', tone: '--s6', points: (s) => s.points('load.5m') },
      { label: '15 min', tone: '--s4', points: (s) => s.points('load.15m') },
    ],
    caption: () => 'processes that run or wait',
  },
  {
    id: 'jvm', title: 'JVM of this console', unit: 'bytes', right: { unit: 'number', format: (v) => number(v, 0) },
    lines: () => [
      { label: 'Heap', tone: '--s4', shaded: true, points: (s) => s.points('jvm.heap.used') },
      {
        label: 'Threads', tone: '--s6', axis: 'y2', format: (v) => number(v, 0),
        points: (s) => s.points('jvm.threads'),
      },
    ],
    caption: (s) => `garbage collection ${formatterOf('ms/s')(last(s.points('jvm.gc.time')))}`,
  },
];

function cpuLines(series) {
  const total = { label: 'All cores', tone: '--s1', shaded: true, points: (s) => s.points('cpu.usage', isTotal) };
  const each = series.of('cpu.usage').map((x) => x.labels.core).filter((core) => core !== 'total');
  if (each.length < 2 || each.length > MOST_CORES) return [total];
  const tones = ['--s2', '--s3', '--s4', '--s5', '--s6'];
  const lines = each.map((core, i) => ({
    label: `Core ${core}`,
    tone: tones[i % tones.length],
    thin: true,
    points: (s) => s.points('cpu.usage', (labels) => labels.core === core),
  }));
  return [total, ...lines];
}

function names(list) {
  return list.length > 3 ? `${list.slice(0, 3).join(', ')} and ${list.length - 3} more` : list.join(', ');
}

function fullestDisk(series) {
  const shares = series.of('disk.used').map(({ labels, points }) => {
    const total = last(series.points('disk.total', (other) => other.mount === labels.mount));
    return { mount: labels.mount, used: last(points), total, share: share(last(points), total) ?? -1 };
  });
  const fullest = shares.sort((a, b) => b.share - a.share)[0];
  return fullest ? `${fullest.mount} holds ${bytes(fullest.used)} of ${bytes(fullest.total)}` : '';
}

/** A tile: title, value, small print, and the last five minutes as a line. */
class Tile {
  constructor(spec, list) {
    this.spec = spec;
    this.value = element('p', { class: 'value', id: `tile-${spec.id}` }, '–');
    this.sub = element('p', { class: 'sub' }, '\u00a0');
    this.spark = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    this.spark.setAttribute('class', 'spark');
    this.spark.setAttribute('viewBox', '0 0 300 40');
    this.spark.setAttribute('preserveAspectRatio', 'none');
    this.spark.setAttribute('aria-hidden', 'true');
    this.area = this.path('area');
    this.line = this.path('line');
    list.append(
      element('li', { class: `tile tone${spec.tone}` }, element('h3', {}, spec.title), this.value, this.sub, this.spark),
    );
  }

  path(name) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('class', name);
    this.spark.append(path);
    return path;
  }

  show(series, end) {
    this.setValue(this.spec.value(series));
    this.sub.textContent = this.spec.sub(series) || '\u00a0';
    this.draw(this.spec.line(series), this.top(series), series.start(end), end);
  }

  /** The unit is set smaller than the number. */
  setValue(text) {
    const space = text.lastIndexOf(' ');
    if (space < 0) this.value.replaceChildren(text);
    else this.value.replaceChildren(`${text.slice(0, space)} `, element('small', {}, text.slice(space + 1)));
  }

  top(series) {
    const { max } = this.spec;
    return typeof max === 'function' ? max(series) : max;
  }

  draw(points, top, start, end) {
    const ceiling = top ?? Math.max(1e-9, ...points.map((p) => p.y ?? 0)) * 1.15;
    const x = (p) => (((p.x - start) / (end - start)) * 300).toFixed(1);
    const y = (p) => (39 - (37 * Math.min(p.y, ceiling)) / ceiling).toFixed(1);
    let line = '';
    let area = '';
    for (const run of runs(points.filter((p) => p.x >= start))) {
      const path = run.map((p) => `${x(p)} ${y(p)}`).join('L');
      line += `M${path}`;
      area += `M${x(run[0])} 40L${path}L${x(run.at(-1))} 40Z`;
    }
    this.line.setAttribute('d', line);
    this.area.setAttribute('d', area);
  }
}

/** The pieces of a line between its gaps. */
function runs(points) {
  const pieces = [[]];
  for (const point of points) {
    if (point.y === null) pieces.push([]);
    else pieces.at(-1).push(point);
  }
  return pieces.filter((piece) => piece.length > 0);
}

/** A card with a chart, the current values as its legend, and a line of context. */
export class Panel {
  constructor(spec, grid) {
    this.spec = spec;
    this.format = formatterOf(spec.unit);
    this.caption = element('p', { class: 'muted' });
    this.canvas = element('canvas', { id: `${spec.id}-chart`, role: 'img', 'aria-label': `${spec.title}: no data yet` });
    this.legend = element('ul', { class: 'legend' });
    const head = element('div', { class: 'card-head' }, element('h3', {}, spec.title), this.caption);
    grid.append(element('article', { class: 'card' }, head, element('div', { class: 'plot' }, this.canvas), this.legend));
    this.lines = [];
    this.names = '';
    this.chart = lineChart(this.canvas, {
      lines: [], unit: spec.unit, format: this.format, max: spec.max, right: spec.right,
    });
    this.described = 0;
  }

  setLines(lines) {
    this.lines = lines;
    setLines(this.chart, lines);
    this.values = lines.map(() => element('b'));
    this.legend.replaceChildren(
      ...lines.map((line, i) =>
        element('li', { class: `tone${line.tone.slice(3)}` }, element('span', { class: 'swatch' }), line.label, this.values[i]),
      ),
    );
  }

  show(series, end) {
    const lines = this.spec.lines(series);
    const names = lines.map((line) => line.label).join();
    if (names !== this.names) this.setLines(lines);
    this.names = names;
    this.lines.forEach((line, i) => {
      const points = line.points(series);
      this.chart.data.datasets[i].data = points;
      this.values[i].textContent = (line.format ?? this.format)(last(points));
    });
    this.caption.textContent = this.spec.caption(series);
    this.scale(series, end);
    this.chart.update('none');
    this.describe(end);
  }

  scale(series, end) {
    const { scales } = this.chart.options;
    scales.x.min = series.start(end);
    scales.x.max = end;
    if (this.spec.top) scales.y.max = this.spec.top(series) ?? undefined;
    else if (this.spec.max === undefined) scales.y.suggestedMax = this.spec.unit.startsWith('bytes') ? 1024 : 1;
  }

  /** The text alternative; not every second, lest a screen reader never rests. */
  describe(end) {
    if (end - this.described < 5000) return;
    this.described = end;
    const now = this.lines.map((line, i) => `${line.label} ${this.values[i].textContent}`).join(', ');
    this.canvas.setAttribute('aria-label', `${this.spec.title}, last five minutes; at ${clock(end)}: ${now}`);
  }
}

/** Builds all tiles and cards; gives the function that shows the feed's data. */
export function build(tileList, grid) {
  const parts = [
    ...TILES.map((spec) => new Tile(spec, tileList)),
    ...PANELS.map((spec) => new Panel(spec, grid)),
  ];
  return (series, end) => parts.forEach((part) => part.show(series, end));
}
