import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldName } from '../../../../shared/event/fields.ts';
import {
  boundedValue,
  groupKey,
  keyValues,
  maxKeyValueLength,
} from '../../../../server/detect/windows/group-key.ts';
import { eventOf } from '../sigma-events.ts';

const fields: readonly FieldName[] = ['organization.id', 'user.name', 'rule.name'];

describe('a group key', () => {
  it('is different for different values, however hostile', () => {
    const values = fc.tuple(
      ...fields.map(() => fc.option(fc.string({ unit: fc.constantFrom('1', ':', ';', '-', 'a') }))),
    );
    fc.assert(
      fc.property(values, values, (a, b) => {
        const key = (given: readonly (string | null)[]) =>
          groupKey(
            eventOf(Object.fromEntries(fields.map((field, i) => [field, given[i] ?? null]))),
            fields,
            'skip',
          );
        expect(key(a) === key(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('leaves absent fields out of what is shown, or refuses the event', () => {
    const event = eventOf({ 'user.name': 'operator.01' });
    expect(keyValues(event, fields)).toEqual({ 'user.name': 'operator.01' });
    expect(groupKey(event, fields, 'refuse')).toBeNull();
  });

  it('bounds long values and keeps them apart', () => {
    const long = 'a'.repeat(5_000);
    expect(boundedValue(long)).toHaveLength(maxKeyValueLength);
    expect(boundedValue(long)).not.toBe(boundedValue(`${long}b`));
    expect(boundedValue('a'.repeat(maxKeyValueLength))).toBe('a'.repeat(maxKeyValueLength));
  });
});
