import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { projectRoot } from '../../server/project-root.ts';

const rowSchema = z.discriminatedUnion('applies', [
  z.strictObject({
    id: z.string(),
    what: z.string(),
    applies: z.literal(true),
    /** `file: part of a title`. */
    tests: z.array(z.string().check(z.regex(/^tests\/\S+: .+$/))).check(z.minLength(1)),
  }),
  z.strictObject({
    id: z.string(),
    what: z.string(),
    applies: z.literal(false),
    reason: z.string().check(z.minLength(10)),
  }),
]);

const rows = z
  .array(rowSchema)
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'catalogue.json'), 'utf8')));

const named = rows.flatMap((row) => (row.applies ? row.tests.map((test) => ({ id: row.id, test })) : []));

describe('the catalogue of what happened to others', () => {
  it('has a row for each of S-01 to S-48', () => {
    const ids = Array.from({ length: 48 }, (_value, index) => `S-${String(index + 1).padStart(2, '0')}`);
    expect(rows.map(({ id }) => id)).toEqual(ids);
  });

  it.each(named)('$id has its test: $test', ({ test }) => {
    const [, file = '', title = ''] = /^(\S+): (.+)$/.exec(test) ?? [];
    expect(existsSync(join(projectRoot, file))).toBe(true);
    const titles = [
      ...readFileSync(join(projectRoot, file), 'utf8').matchAll(
        /(?:it|test|describe)(?:\.concurrent)?(?:\.each)?\s*(?:<[^>]*>)?\([^]*?(?=\n\s*\}\)|=>)/g,
      ),
    ].map(([text]) => text);
    expect(titles.some((text) => text.includes(title))).toBe(true);
  });

  it('names no test that is skipped', () => {
    for (const { test } of named) {
      const text = readFileSync(join(projectRoot, test.split(':')[0] ?? ''), 'utf8');
      expect(text).not.toMatch(/\b(?:it|test|describe)\.(?:skip|todo|only|fails)\b/);
    }
  });
});
