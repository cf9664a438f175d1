// What all pages have at their top: the theme, and the way out.

import * as api from './api.js';
import * as theme from './theme.js';

const byId = (id) => document.getElementById(id);

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

/** Starts what is there; call it once. */
export function start() {
  byId('theme').addEventListener('click', theme.toggle);
  theme.onChange(nameTheme);
  nameTheme();
  showLogout();
}
