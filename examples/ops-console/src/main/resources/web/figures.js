// What each version in memory was asked, and how it answered.

import { byId, element } from './dom.js';
import { count, millis, number, percent } from './format.js';

function row(figures) {
  const { version, requests, last_minute: recent, batches, cached } = figures;
  const times = recent === 0 ? [NONE, NONE] : [millis(figures.p50_ms), millis(figures.p99_ms)];
  const cells = [
    ['requests', count(requests)], ['recent', count(recent)], ['p50', times[0]], ['p99', times[1]],
    ['batch', number(batches?.mean_rows, 2)], ['waiting', count(batches?.waiting_rows)],
    ['refused', count(figures.refused)], ['overloaded', count(figures.overloaded)],
    ['expired', count(figures.expired)], ['failed', count(figures.failed)],
  ];
  return element(
    'tr',
    { id: `figures-${version}` },
    element('th', { scope: 'row' }, version),
    ...cells.map(([name, text]) => element('td', { class: name }, text)),
    element('td', { class: 'cached' }, hitRate(version, figures.cache_hit_rate), ` ${percent(100 * figures.cache_hit_rate)}, ${count(cached)}`),
  );
}

const NONE = '–';

function hitRate(version, rate) {
  return element('meter', { min: 0, max: 1, value: rate, 'aria-label': `Cache hits of ${version}` });
}

export class Figures {
  show(model, versions) {
    byId('figures').replaceChildren(...versions.filter((figures) => figures.model === model).map(row));
  }
}
