import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { createLimitCounters } from '../../../server/limits/limit-counters.ts';
import { limitExpected, parseLimit, printLimit } from '../../../server/limits/limit-text.ts';
import { defaultLimits, limitDeclarations, limitNames } from '../../../server/limits/limits.ts';
import { projectRoot } from '../../../server/project-root.ts';
import { configurationOf, loadYaml, problemsOf } from '../config/load.ts';

const rest = 'parties: parties.csv\nsources:\n  - { id: a, kind: file, path: a.log }\n';

describe('limits in the configuration', () => {
  it('are the defaults where it says nothing', () => {
    expect(configurationOf(loadYaml(rest)).limits).toEqual(defaultLimits);
  });

  it('are read in their units', () => {
    const yaml = `limits: { bodyBytes: 128KiB, headerBytes: 20000, headersTime: 5s, sockets: 100 }\n${rest}`;
    expect(configurationOf(loadYaml(yaml)).limits).toEqual({
      ...defaultLimits,
      bodyBytes: 131_072,
      headerBytes: 20_000,
      headersTime: 5_000,
      sockets: 100,
    });
  });

  it.each([
    ['bodyBytes: 10 parsecs', 'bodyBytes: found "10 parsecs", expected a size from 1KiB to 1MiB'],
    ['bodyBytes: 2MiB', 'bodyBytes: found "2MiB", expected a size from 1KiB to 1MiB'],
    ['bodyBytes: null', 'bodyBytes: found nothing, expected a size from 1KiB to 1MiB'],
    ['bodyBytes: .nan', 'bodyBytes: found number NaN, expected a size from 1KiB to 1MiB'],
    ['bodyBytes: 2000.5', 'bodyBytes: found number 2000.5, expected a size from 1KiB to 1MiB'],
    ['headersTime: 10', 'headersTime: found number 10, expected a duration from 1s to 1m'],
    ['headersTime: 0s', 'headersTime: found "0s", expected a duration from 1s to 1m'],
    ['sockets: -1', 'sockets: found number -1, expected a whole number from 10 to 100000'],
    ['sockets: 1e999', 'sockets: found number Infinity, expected a whole number from 10 to 100000'],
    ['sockets: [1]', 'sockets: found a list, expected a whole number from 10 to 100000'],
    ['socket: 20', 'socket: unknown key, did you mean sockets?'],
  ])('S-13: %s stops the start with a named error', (line, problem) => {
    expect(problemsOf(loadYaml(`limits:\n  ${line}\n${rest}`))).toEqual([`siaga.yaml:2: limits.${problem}`]);
  });

  test.each(limitNames)('%s has a default within its bounds, and prints as it is read', (name) => {
    const limit = limitDeclarations[name];
    expect(limit.default).toBeGreaterThanOrEqual(limit.least);
    expect(limit.default).toBeLessThanOrEqual(limit.most);
    for (const value of [limit.default, limit.least, limit.most]) {
      const text = printLimit(limit.unit, value);
      expect(
        parseLimit(
          limit.unit,
          limit.unit === 'count' ? Number(text) : /^\d+$/.test(text) ? Number(text) : text,
        ),
      ).toBe(value);
    }
  });
});

test('docs/limits.md names every limit with its bounds and what happens at it', () => {
  const page = readFileSync(join(projectRoot, 'docs', 'limits.md'), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(
    limitNames.map((name) => {
      const limit = limitDeclarations[name];
      return [
        `\`${name}\``,
        limit.what,
        printLimit(limit.unit, limit.default),
        limitExpected(limit).replace(/^a \w+(?: \w+)? from /, ''),
        limit.atLimit,
      ];
    }),
  );
});

describe('counters of limits', () => {
  it('tell the last hour and all since the start', () => {
    let now = 0;
    const counters = createLimitCounters(() => now);
    counters.count('sockets');
    counters.count('sockets');
    now = 59 * 60_000;
    counters.count('sockets');
    expect([counters.lastHour('sockets'), counters.total('sockets')]).toEqual([3, 3]);
    now = 60 * 60_000;
    expect([counters.lastHour('sockets'), counters.total('sockets')]).toEqual([1, 3]);
    counters.count('sockets');
    expect(counters.lastHour('sockets')).toBe(2);
    now = 1_000 * 60_000;
    expect(counters.lastHour('sockets')).toBe(0);
    expect(counters.total('bodyBytes')).toBe(0);
  });
});
