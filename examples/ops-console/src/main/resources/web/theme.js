// Dark or light: what the reader chose, else what the system prefers.

const KEY = 'ops-console.theme';
const system = matchMedia('(prefers-color-scheme: light)');
const listeners = [];

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be forbidden; then the system decides
  }
}

function store(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // the choice holds until the page is left
  }
}

function apply(theme) {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  listeners.forEach((listener) => listener());
}

export function current() {
  return document.documentElement.dataset.theme ?? (system.matches ? 'light' : 'dark');
}

export function toggle() {
  const theme = current() === 'dark' ? 'light' : 'dark';
  store(theme);
  apply(theme);
}

export function onChange(listener) {
  listeners.push(listener);
}

/** The value of a colour variable of the style sheet. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

apply(stored());
system.addEventListener('change', () => apply(stored()));
