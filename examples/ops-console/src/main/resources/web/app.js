// Starts the page and keeps its head up to date.

import * as api from './api.js';
import { byId } from './dom.js';
import { clock, duration } from './format.js';
import { History } from './history.js';
import { Feed, MACHINE } from './live.js';
import { build } from './panels.js';
import * as head from './head.js';

const REFRESH_MS = 10_000;
const TEXTS = {
  connecting: 'Connecting', live: 'Live', 'catching-up': 'Catching up', degraded: 'Waiting for the server',
  disconnected: 'Disconnected, retrying',
};
const TRANSPORTS = { websocket: 'WebSocket', sse: 'server-sent events' };

const show = build(byId('tiles'), byId('live'));
const history = new History();
let lastData = null;

function showData(series, end) {
  lastData = end;
  show(series, end);
}

function showState(state, transport, reason) {
  const lost = state === 'disconnected';
  const since = lastData === null ? 'no data yet' : `last data ${clock(lastData)}`;
  const text = [TEXTS[state], lost ? since : TRANSPORTS[transport]].filter(Boolean).join(' · ');
  if (byId('connection-text').textContent !== text) byId('connection-text').textContent = text;
  const before = byId('connection').dataset.state;
  byId('connection').dataset.state = state;
  byId('connection').dataset.transport = transport ?? '';
  if (lost) tellOutage(before, since, reason);
  else if (state === 'live') byId('outage').hidden = true;
  document.body.toggleAttribute('data-stale', !byId('outage').hidden);
  if (before !== 'live' && state === 'live') refresh();
}

function tellOutage(before, since, reason) {
  if (before === 'disconnected') return; // say it once
  refresh(); // whose login has ended is sent to log in
  const why = reason?.message && reason.name !== 'TypeError' ? ` (${reason.message})` : '';
  byId('outage').textContent = `The console does not answer${why}; trying again. What you see is old: ${since}.`;
  byId('outage').hidden = false;
}

async function refresh() {
  try {
    const health = await api.health();
    byId('host').textContent = health.host;
    byId('uptime').textContent = ` · up ${duration(health.uptime_seconds * 1000)} · ${health.series_count} series`;
    await history.refresh();
  } catch {
    // the feed's badge says that the server is away
  }
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'your time zone';
byId('zone').textContent = `Times are shown in ${zone}${zone === 'UTC' ? '' : '; tooltips add UTC'}.`;
head.start();
setInterval(() => document.hidden || refresh(), REFRESH_MS);
new Feed({ metrics: MACHINE, onData: showData, onState: showState }).start();
