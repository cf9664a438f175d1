// The login: an API key for a session.

import * as api from './api.js';
import * as head from './head.js';

const form = document.getElementById('login');
const key = document.getElementById('key');
const error = document.getElementById('login-error');
const PAGES = ['index.html', 'system.html', 'models.html'];

function next() {
  const wanted = new URLSearchParams(location.search).get('next');
  return PAGES.includes(wanted) ? wanted : PAGES[0];
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  error.hidden = true;
  try {
    await api.login(key.value.trim());
    location.replace(next());
  } catch (failure) {
    error.textContent = `Not let in: ${failure.message}`;
    error.hidden = false;
    key.select();
  }
});
head.start();
