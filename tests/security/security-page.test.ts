import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../server/project-root.ts';
import { authorityTable } from '../../shared/authority-table.ts';

const page = readFileSync(join(projectRoot, 'docs', 'security.md'), 'utf8');

describe('docs/security.md', () => {
  it('prints the matrix of rights as it is', () => {
    const [, printed] = /<!-- matrix: [^>]*-->\n\n([^]*?)\n<!-- end of the matrix -->/.exec(page) ?? [];
    expect(printed).toBe(authorityTable());
  });

  it('answers each of the sixty lines once', () => {
    const [, checklist = ''] = /## Sixty questions\n([^]*?)(?=\n## |$)/.exec(page) ?? [];
    const numbers = [...checklist.matchAll(/^\| *(\d+) *\|/gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: 60 }, (_value, index) => index + 1));
  });

  it('names every case of the catalogue that does not apply, and why', () => {
    const rows = JSON.parse(readFileSync(join(import.meta.dirname, 'catalogue.json'), 'utf8')) as {
      id: string;
      applies: boolean;
      reason?: string;
    }[];
    for (const { id, reason } of rows.filter(({ applies }) => !applies)) {
      const line = page.split('\n').find((text) => text.startsWith(`| ${id} `)) ?? '';
      expect([id, line.includes(reason ?? '-')]).toEqual([id, true]);
    }
  });
});
