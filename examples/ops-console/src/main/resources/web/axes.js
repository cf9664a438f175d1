// Ticks: of time on round local times, of bytes on powers of 1024.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.44 * DAY;

const FIXED = [
  100, 200, 500, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND,
  MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
];
const DAYS = [1, 2, 4, 7, 14];
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120];

function fixedTicks(min, max, step) {
  const offset = -new Date(min).getTimezoneOffset() * MINUTE;
  const ticks = [];
  for (let t = Math.ceil((min + offset) / step) * step - offset; t <= max; t += step) ticks.push(t);
  return ticks;
}

function calendarTicks(min, max, start, advance) {
  const ticks = [];
  for (const date = start; date.getTime() <= max; advance(date)) {
    if (date.getTime() >= min) ticks.push(date.getTime());
  }
  return ticks;
}

function midnightBefore(ms) {
  const date = new Date(ms);
  date.setHours(0, 0, 0, 0);
  return date;
}

/** Times on a round local grid, at most as many as fit; and the grid's step for the labels. */
export function timeTicks(min, max, most) {
  const wanted = (max - min) / Math.max(1, most);
  const fixed = FIXED.find((step) => step >= wanted);
  if (fixed) return { step: fixed, ticks: fixedTicks(min, max, fixed) };
  const days = DAYS.find((step) => step * DAY >= wanted);
  if (days) {
    const advance = (date) => date.setDate(date.getDate() + days);
    return { step: days * DAY, ticks: calendarTicks(min, max, midnightBefore(min), advance) };
  }
  const months = MONTHS.find((step) => step * MONTH >= wanted) ?? MONTHS.at(-1);
  const first = new Date(new Date(min).getFullYear(), 0, 1);
  const advance = (date) => date.setMonth(date.getMonth() + months);
  return { step: months * MONTH, ticks: calendarTicks(min, max, first, advance) };
}

/** A round step for bytes: 1, 2, 5, 10 … 512 of KiB, MiB, GiB. */
export function byteStep(range, most) {
  const wanted = Math.max(1, range / most);
  const unit = 1024 ** Math.floor(Math.log(wanted) / Math.log(1024));
  const factor = [1, 2, 5, 10, 20, 50, 100, 200, 256, 512, 1024].find((f) => f * unit >= wanted);
  return factor * unit;
}
