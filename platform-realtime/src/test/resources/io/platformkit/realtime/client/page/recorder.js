// Keeps what a client tells, for a test to read.

const timers = new Set();
const setSystemTimeout = window.setTimeout;
const clearSystemTimeout = window.clearTimeout;

window.setTimeout = (action, ms) => {
  const timer = setSystemTimeout(() => {
    timers.delete(timer);
    action();
  }, ms);
  timers.add(timer);
  return timer;
};
window.clearTimeout = (timer) => {
  timers.delete(timer);
  clearSystemTimeout(timer);
};

const { connect } = await import('/client/platform-kit.js');

window.seen = { states: [], transports: [], errors: [], payloads: {}, gaps: {}, results: {} };

window.start = (options = {}) => {
  const client = connect(options.url ?? '/', { minDelay: 20, maxDelay: 200, ...options });
  client.addEventListener('state', ({ detail }) => {
    seen.states.push(detail.state);
    seen.transports.push(detail.transport ?? 'none');
  });
  client.addEventListener('error', ({ detail }) => seen.errors.push(detail.code));
  window.client = client;
};

window.receive = (topic, options = {}) => {
  seen.payloads[topic] = [];
  seen.gaps[topic] = [];
  keep(`subscribe ${topic}`, client.subscribe(topic, (message) => seen.payloads[topic].push(message.payload), {
    ...options,
    onGap: (gap) => seen.gaps[topic].push(gap.reason),
  }));
};

window.keep = (name, promise) =>
  promise.then(
    (value) => (seen.results[name] = value ?? null),
    (failure) => (seen.results[name] = failure.code),
  );

window.activeTimers = () => timers.size;
window.ready = true;
