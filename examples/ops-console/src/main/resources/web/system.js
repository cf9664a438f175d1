// The System page: how the console itself is doing.

import * as api from './api.js';
import { byId, element } from './dom.js';
import { bytes, count, duration, number, percent } from './format.js';
import * as head from './head.js';

const REFRESH_MS = 2000;
const TIERS = { l1: 'Memory', l2: 'Redis' };

function showHealth(health) {
  head.showHealth(health);
  byId('checks').replaceChildren(...health.checks.map(check));
}

function check({ name, status, critical, detail, latency_ms: latency, since }) {
  const text = detail || (critical ? 'needed' : 'the console goes on without it');
  return element(
    'li',
    { class: 'card check', id: `check-${name}`, 'data-status': status },
    element('h3', {}, element('span', { class: 'dot', 'aria-hidden': 'true' }), name),
    element('p', { class: 'status' }, status),
    element('p', { class: 'muted' }, text),
    element('p', { class: 'muted' }, `${number(latency, 1)} ms · since ${new Date(since).toLocaleTimeString()}`),
  );
}

function showCache({ tiers }) {
  byId('tiers').replaceChildren(...Object.entries(tiers).map(([tier, counts]) => row(tier, counts)));
}

function row(tier, { hits, misses, hit_rate: rate }) {
  const share = rate === null ? 'not asked yet' : percent(100 * rate);
  const bar = element('meter', { min: 0, max: 1, value: rate ?? 0, 'aria-label': `Hit rate of ${tier}` });
  return element(
    'tr',
    { id: `tier-${tier}` },
    element('th', { scope: 'row' }, TIERS[tier] ?? tier),
    element('td', { class: 'hits' }, count(hits)),
    element('td', { class: 'misses' }, count(misses)),
    element('td', {}, bar, ` ${share}`),
  );
}

function list(id, entries) {
  const rows = entries.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value)));
  byId(id).replaceChildren(...rows);
}

function showFacts({ jvm, machine }) {
  list('jvm', [
    ['Version', jvm.version],
    ['Virtual machine', jvm.vm],
    ['Process', String(jvm.pid)],
    ['Up', duration(jvm.uptime_seconds * 1000)],
    ['Heap', `${bytes(jvm.heap_used_bytes)} of ${bytes(jvm.heap_max_bytes)}`],
    ['Threads', count(jvm.threads)],
    ['Classes', count(jvm.classes)],
  ]);
  list('machine', [
    ['System', machine.os],
    ['Architecture', machine.architecture],
    ['Processors', count(machine.processors)],
    ['Load, 1 minute', number(machine.load_average, 2)],
    ['Memory', `${bytes(machine.memory_bytes - machine.memory_free_bytes)} of ${bytes(machine.memory_bytes)}`],
  ]);
}

async function refresh() {
  try {
    const [health, stats, facts] = await Promise.all([api.health(), api.performanceStats(), api.system()]);
    showHealth(health);
    showCache(stats.cache);
    showFacts(facts);
  } catch (failure) {
    head.showOutage(failure);
  }
}

head.start();
refresh();
setInterval(() => document.hidden || refresh(), REFRESH_MS);
