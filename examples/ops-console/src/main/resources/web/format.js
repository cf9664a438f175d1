// Values, times and lengths of time as text for people.

const IEC = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const NONE = '–';

function known(value) {
  return value !== null && value !== undefined && Number.isFinite(value);
}

function digits(value) {
  const size = Math.abs(value);
  return size === 0 ? 0 : size < 10 ? 2 : size < 100 ? 1 : 0;
}

export function number(value, most = digits(value)) {
  return known(value) ? value.toLocaleString(undefined, { maximumFractionDigits: most }) : NONE;
}

export function bytes(value) {
  if (!known(value)) return NONE;
  let scaled = value;
  let unit = 0;
  while (Math.abs(scaled) >= 1024 && unit < IEC.length - 1) {
    scaled /= 1024;
    unit++;
  }
  return `${number(scaled, unit === 0 ? 0 : digits(scaled))} ${IEC[unit]}`;
}

export function percent(value) {
  return known(value) ? `${number(value, Math.abs(value) < 10 ? 1 : 0)} %` : NONE;
}

export function millis(value) {
  return known(value) ? `${number(value, value < 10 ? 2 : value < 100 ? 1 : 0)} ms` : NONE;
}

export function count(value) {
  return known(value) ? Math.round(value).toLocaleString() : NONE;
}

/** The formatter of a unit that the server names. */
export function formatterOf(unit) {
  switch (unit) {
    case 'bytes':
      return bytes;
    case 'bytes/s':
      return (value) => (known(value) ? `${bytes(value)}/s` : NONE);
    case 'percent':
      return percent;
    case 'ms':
      return millis;
    case '/s':
      return (value) => (known(value) ? `${number(value)} /s` : NONE);
    case 'ms/s':
      return (value) => (known(value) ? `${number(value)} ms/s` : NONE);
    default:
      return (value) => number(value);
  }
}

/** A length of time, coarse: 3 d 4 h, 5 min 10 s, 250 ms. */
export function duration(ms) {
  if (!known(ms)) return NONE;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const units = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1000]];
  const first = units.findIndex(([, size]) => ms >= size);
  const [name, size] = units[first];
  const whole = Math.floor(ms / size);
  const next = units[first + 1];
  const rest = next ? Math.floor((ms - whole * size) / next[1]) : 0;
  return rest > 0 ? `${whole} ${name} ${rest} ${next[0]}` : `${whole} ${name}`;
}

const local = (options) => new Intl.DateTimeFormat(undefined, { hourCycle: 'h23', ...options });
const CLOCK = local({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const MOMENT = local({
  year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit',
});
const TICKS = [
  [1000, local({ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 1 })],
  [60_000, CLOCK],
  [86_400_000, local({ hour: '2-digit', minute: '2-digit' })],
  [28 * 86_400_000, local({ month: 'short', day: 'numeric' })],
  [360 * 86_400_000, local({ month: 'short', year: 'numeric' })],
  [Infinity, local({ year: 'numeric' })],
];

export function clock(ms) {
  return CLOCK.format(ms);
}

export function moment(ms) {
  return MOMENT.format(ms);
}

/** Whether the reader's own clock shows UTC, so that naming it again says nothing. */
export function isUtc(ms) {
  return new Date(ms).getTimezoneOffset() === 0;
}

export function utc(ms) {
  return new Date(ms).toISOString().replace('T', ' ').replace(/(\.000)?Z$/, ' UTC');
}

/** The label of a time tick; at midnight of a finer grid the day says more than 00:00. */
export function tick(ms, step) {
  const date = new Date(ms);
  const midnight = date.getHours() + date.getMinutes() + date.getSeconds() === 0;
  const size = midnight && step >= 60_000 && step < 86_400_000 ? 86_400_000 : step;
  return TICKS.find(([limit]) => size < limit)[1].format(ms);
}

/** Labels of a series as text; the host is the same everywhere and left out. */
export function seriesName(labels) {
  const parts = Object.entries(labels).filter(([name]) => name !== 'host');
  return parts.length === 0 ? 'all' : parts.map(([name, value]) => `${name} = ${value}`).join(', ');
}
