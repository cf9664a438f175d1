// The charts of the Models page: one line for each version of the model that is shown.

import { Panel } from './panels.js';

const TONES = ['--s2', '--s3', '--s1', '--s4', '--s6', '--s5'];

export const METRICS = [
  'model.requests', 'model.latency.p50', 'model.latency.p99', 'model.batch.rows', 'model.cache.hits',
];

const PANELS = [
  { id: 'requests', title: 'Throughput', unit: '/s', metrics: { 'model.requests': '' }, caption: 'requests a second' },
  {
    id: 'latency', title: 'Latency', unit: 'ms', caption: 'from request to answer',
    metrics: { 'model.latency.p50': ' half', 'model.latency.p99': ' 99 %' },
  },
  { id: 'batch', title: 'Batch size', unit: 'number', metrics: { 'model.batch.rows': '' }, caption: 'rows a batch' },
  { id: 'hits', title: 'Cache hits', unit: 'percent', max: 100, metrics: { 'model.cache.hits': '' }, caption: 'share of answers' },
];

function versionsOf(series, metric, model) {
  return series.of(metric).filter(({ labels }) => labels.model === model).map(({ labels }) => labels.version).sort();
}

/** A version has one colour; of several metrics all but the first are dashed. */
function lines(series, metrics, model) {
  return Object.entries(metrics).flatMap(([metric, suffix], place) =>
    versionsOf(series, metric, model).map((version, i) => ({
      label: version + suffix,
      tone: TONES[i % TONES.length],
      dashed: place > 0,
      points: (s) => s.points(metric, (labels) => labels.model === model && labels.version === version),
    })),
  );
}

/** Builds the cards; gives the function that shows the feed's data of the model that is shown then. */
export function buildCharts(grid, shown) {
  const panels = PANELS.map(
    ({ metrics, caption, ...rest }) =>
      new Panel({ ...rest, lines: (series) => lines(series, metrics, shown()), caption: () => caption }, grid),
  );
  return (series, end) => panels.forEach((panel) => panel.show(series, end));
}
