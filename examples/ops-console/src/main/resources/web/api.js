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

/** Asks; gives the document and how long the round trip took. */
export async function get(path, parameters = [], signal = undefined) {
  const url = `${path}?${new URLSearchParams(parameters)}`;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const started = performance.now();
  const response = await fetch(url, {
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    headers: { Accept: 'application/json' },
  });
  if (!response.ok) throw new Error(await problemOf(response));
  const data = await response.json();
  return { data, roundTrip: performance.now() - started };
}

export const health = () => get('api/health').then(({ data }) => data);

export const metrics = () => get('api/v1/metrics').then(({ data }) => data.metrics);

export const multiSeries = (parameters, signal) => get('api/v1/charts/multi-series', parameters, signal);

export const timeseries = (parameters, signal) => get('api/v1/charts/timeseries', parameters, signal);
