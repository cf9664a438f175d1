// The server's answers; a refusal or an outage is an Error with a message for people.

const TIMEOUT_MS = 15_000;

/** Why there is no answer; faults says of each feature what is wrong with it. */
async function refusalOf(response) {
  const problem = await response.json().catch(() => ({}));
  const refusal = new Error(problem.detail ?? problem.title ?? `HTTP ${response.status}`);
  refusal.faults = problem.faults ?? [];
  return refusal;
}

/** A health that is bad comes with 503 and is a document like any other; a refusal is a problem. */
function isRefusal(response) {
  return !response.ok && response.headers.get('Content-Type') !== 'application/json';
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
  if (isRefusal(response)) throw await refusalOf(response);
  const data = await response.json();
  return { data, roundTrip: performance.now() - started };
}

function send(path, body) {
  return fetch(path, {
    method: 'POST',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Sends a document; gives the one that comes back. */
async function post(path, body) {
  const response = await send(path, body);
  if (response.status === 401) logIn();
  if (!response.ok) throw await refusalOf(response);
  return response.json();
}

export const health = () => get('api/health').then(({ data }) => data);

export const system = () => get('api/v1/system').then(({ data }) => data);

export const performanceStats = () => get('api/v1/performance/stats').then(({ data }) => data);

/** Who is logged in; without an id where nobody has to. */
export const session = () => get('api/v1/session').then(({ data }) => data);

/** Logs in by an API key, for as long as the session lasts. */
export async function login(key) {
  const response = await send('api/v1/session/login', { key });
  if (!response.ok) throw await refusalOf(response);
}

export const logout = () => fetch('api/v1/session/logout', { method: 'POST' });

export const metrics = () => get('api/v1/metrics').then(({ data }) => data.metrics);

export const multiSeries = (parameters, signal) => get('api/v1/charts/multi-series', parameters, signal);

export const timeseries = (parameters, signal) => get('api/v1/charts/timeseries', parameters, signal);

const part = encodeURIComponent;

export const models = () => get('api/v1/registry').then(({ data }) => data.models);

export const versions = (model) => get(`api/v1/registry/${part(model)}`).then(({ data }) => data.versions);

export const transitions = (model) =>
  get(`api/v1/registry/${part(model)}/history`).then(({ data }) => data.transitions);

/** What answers, and what it was asked. */
export const serving = () => get('api/v1/serving').then(({ data }) => data);

/** Reasons are optional. */
export const move = (model, version, stage, reason) =>
  post(`api/v1/registry/${part(model)}/versions/${part(version)}/stage`, { stage, reason });

export const rollback = (model, reason) => post(`api/v1/registry/${part(model)}/rollback`, { reason });

/** Without a version the one in production answers. */
export const predict = (model, version, features) =>
  post(`api/v1/ml/predict/${part(model)}${version ? `/${part(version)}` : ''}`, { features });
