import { readFileSync } from 'node:fs';
import { exportEvents } from '../../dist/server/export/event-export.js';
import { createLineParser } from '../../dist/server/ingest/parsers/line-parser.js';
import { createPseudonyms } from '../../dist/server/personal/pseudonyms.js';
import { createPersonalViews } from '../../dist/server/personal/view.js';

/** An export of 50,000 events of the file, in clear or masked, on this one thread; the store isn't part of it. */
const [, , file, kind] = process.argv;
const parse = createLineParser('combined');
const events = readFileSync(file, 'utf8')
  .split('\n', 50_000)
  .filter((line) => line !== '')
  .map((line) => ({ ...parse(line), 'event.original': line }));
const page = (_query, { limit, before }) => {
  const from = Number(before ?? 0);
  const to = Math.min(events.length, from + limit);
  return Promise.resolve({ events: events.slice(from, to), next: to < events.length ? String(to) : null });
};
const views = createPersonalViews(createPseudonyms(new Uint8Array(32)));
const range = { from: 0, to: 1, filters: [], text: '' };
const parts = {
  events: { page },
  audit: { note: () => Promise.resolve() },
  view: views[kind],
  identity: { name: 'bench', agency: 'KPU', kind: 'user' },
  address: '127.0.0.1',
  now: Date.now,
};

let longestMs = 0;
let last = performance.now();
let going = true;
const look = () => {
  const now = performance.now();
  longestMs = Math.max(longestMs, now - last);
  last = now;
  if (going) setImmediate(look);
};
look();
const started = performance.now();
let characters = 0;
for await (const piece of exportEvents(parts, {
  asked: range,
  search: range,
  format: 'csv',
  limit: events.length,
}))
  characters += piece.length;
const seconds = (performance.now() - started) / 1_000;
going = false;
const maxRssMiB = process.resourceUsage().maxRSS / 1_024;
console.log(JSON.stringify({ seconds, rows: events.length, characters, longestMs, maxRssMiB }));
