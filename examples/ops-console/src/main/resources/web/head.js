// What all pages have at their top: the theme, and the way out.

import * as api from './api.js';
import { byId } from './dom.js';
import { duration } from './format.js';
import * as theme from './theme.js';

function nameTheme() {
  const other = theme.current() === 'dark' ? 'light' : 'dark';
  byId('theme-text').textContent = other === 'light' ? 'Light' : 'Dark';
  byId('theme').setAttribute('aria-label', `Switch to the ${other} theme`);
}

async function showLogout() {
  const button = byId('logout');
  if (button === null) return;
  const who = await api.session().catch(() => ({}));
  if (who.id === undefined) return; // nobody has to log in
  button.title = `Logged in as ${who.id}`;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await api.logout();
    location.replace('login.html');
  });
}

/** How the console is doing, on pages that say so. */
export function showHealth(health) {
  byId('host').textContent = health.host;
  byId('uptime').textContent = ` · up ${duration(health.uptime_seconds * 1000)}`;
  byId('overall').dataset.status = health.status;
  byId('overall-text').textContent = health.status;
  byId('outage').hidden = true;
}

/** That it does not answer. */
export function showOutage(failure) {
  byId('overall').dataset.status = 'unknown';
  byId('overall-text').textContent = 'no answer';
  byId('outage').textContent = `The console does not answer (${failure.message}); what you see is old.`;
  byId('outage').hidden = false;
}

/** Starts what is there; call it once. */
export function start() {
  byId('theme').addEventListener('click', theme.toggle);
  theme.onChange(nameTheme);
  nameTheme();
  showLogout();
}
