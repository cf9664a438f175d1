// The server's answers; a refusal or an outage is an Error with a message for people.

const TIMEOUT_MS = 15_000;

async function problemOf(response) {
  try {
    const problem = await response.json();
    return problem.detail ?? problem.title ?? `HTTP ${response.status}`;
  } catch {
    return `HTTP ${response.status}`;
  }
}

/** Where a reader who is not known goes; comes back here afterwards. */
function logIn() {
  const here = location.pathname.split('/').pop() || 'index.html';
  location.replace(`login.html?next=${encodeURIComponent(here)}`);
}

/** Asks; gives the document and how long the round trip took. */
export async function get(path, parameters = [], signal = undefined) {
  const url = `${path}?${new URLSearchParams(parameters)}`;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const started = performance.now();
  const response = await fetch(url, {
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    headers: { Accept: 'application/json' },
  });
  if (response.status === 401) logIn();
  if (!response.ok && response.status !== 503) throw new Error(await problemOf(response));
  const data = await response.json();
  return { data, roundTrip: performance.now() - started };
}

export const health = () => get('api/health').then(({ data }) => data);

export const system = () => get('api/v1/system').then(({ data }) => data);

export const performanceStats = () => get('api/v1/performance/stats').then(({ data }) => data);

/** Who is logged in; without an id where nobody has to. */
export const session = () => get('api/v1/session').then(({ data }) => data);

/** Logs in by an API key, for as long as the session lasts. */
export async function login(key) {
  const response = await fetch('api/v1/session/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ key }),
  });
  if (!response.ok) throw new Error(await problemOf(response));
}

export const logout = () => fetch('api/v1/session/logout', { method: 'POST' });

export const metrics = () => get('api/v1/metrics').then(({ data }) => data.metrics);

export const multiSeries = (parameters, signal) => get('api/v1/charts/multi-series', parameters, signal);

export const timeseries = (parameters, signal) => get('api/v1/charts/timeseries', parameters, signal);
