import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import type { SiagaEvent } from '../../../shared/event/fields.ts';
import { isFieldName } from '../../../shared/event/fields.ts';
import { eventOf } from './sigma-events.ts';

const fieldValue = z.nullable(z.union([z.string(), z.number()]));
const partialEvent = z.record(z.string(), fieldValue);
const fixtureCase = z.strictObject({ name: z.string(), events: z.array(partialEvent).check(z.minLength(1)) });

const fixtureSchema = z.strictObject({
  /** What all events of the file have in common. */
  event: z._default(partialEvent, {}),
  fires: z.array(fixtureCase).check(z.minLength(1)),
  silent: z.array(fixtureCase).check(z.minLength(1)),
});

export interface FixtureCase {
  readonly name: string;
  readonly events: readonly SiagaEvent[];
}

const start = Date.UTC(2026, 1, 10, 3, 5);
const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

function durationMs(text: string): number {
  const [, amount, unit] = /^(\d+)(ms|s|m)$/.exec(text) ?? [];
  const unitMs = units[unit ?? ''];
  if (amount === undefined || unitMs === undefined) throw new Error(`not a duration: ${text}`);
  return Number(amount) * unitMs;
}

/**
 * Spells out a case: an entry stands for `repeat` events (1), one `every` (1s) after the other,
 * with `$n` in its texts replaced by their number.
 */
function spellOut(entries: readonly z.infer<typeof partialEvent>[], shared: object): SiagaEvent[] {
  let time = start;
  return entries.flatMap(({ repeat = 1, every = '1s', ...fields }) => {
    const events: SiagaEvent[] = [];
    for (let n = 1; n <= Number(repeat); n++) {
      const given = Object.entries({ ...shared, ...fields }).map(([name, value]) => {
        if (!isFieldName(name)) throw new Error(`no field of an event: ${name}`);
        return [name, typeof value === 'string' ? value.replace('$n', String(n)) : value];
      });
      events.push(eventOf({ ...Object.fromEntries(given), '@timestamp': time }));
      time += durationMs(String(every));
    }
    return events;
  });
}

/** Reads a rule's fixture; throws when it isn't one or lacks a case that fires or one that stays silent. */
export function readFixture(file: string): { fires: FixtureCase[]; silent: FixtureCase[] } {
  const fixture = fixtureSchema.parse(parse(readFileSync(file, 'utf8')));
  const read = ({ name, events }: z.infer<typeof fixtureCase>): FixtureCase => ({
    name,
    events: spellOut(events, fixture.event),
  });
  return { fires: fixture.fires.map(read), silent: fixture.silent.map(read) };
}
