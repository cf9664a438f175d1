// Reads streams with npm's eventsource: node events.mjs <url of a list of streams>
// Prints the events of each, up to the one whose type is 'end'.

import { EventSource } from 'eventsource';
import { readAll } from './streams.mjs';

const list = process.argv[2];
const streams = await (await fetch(list)).json();
const events = await readAll(EventSource, streams.map((stream) => new URL(stream, list)));
console.log(JSON.stringify(events));
