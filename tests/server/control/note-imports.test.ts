import { beforeEach, expect, test } from 'vitest';
import type { AuditNote } from '../../../server/audit/audit-log.ts';
import { noteImports } from '../../../server/control/note-imports.ts';
import type { ImportDesk } from '../../../server/ingest/sources/import-desk.ts';
import { fail, ok } from '../../../shared/result.ts';

const file: Parameters<ImportDesk['take']>[0] = {
  source: 'old',
  format: 'auto',
  ticket: 't',
  file: {
    id: null,
    path: '/var/log/old.log',
    device: 1,
    inode: 2,
    headHash: 'ab'.repeat(32),
    headLength: 64,
  },
  from: 0,
};
async function* nothing(): AsyncGenerator<never> {}

let notes: AuditNote[];
beforeEach(() => {
  notes = [];
});

const deskOf = (take: ImportDesk['take'], note?: () => Promise<void>): ImportDesk =>
  noteImports(
    { known: () => Promise.resolve(ok({ files: [], ticket: 't' })), take, stop: () => Promise.resolve() },
    {
      note:
        note ??
        ((each) => {
          notes.push(each);
          return Promise.resolve();
        }),
    },
  );
const run = (desk: ImportDesk) => desk.take(file, nothing(), () => undefined);

test('an import is noted when it begins and with what it came to', async () => {
  await run(deskOf(() => Promise.resolve(ok({ stored: 7, unparsed: 1, before: 0 }))));
  expect(notes).toMatchObject([
    {
      actor: 'command line',
      via: 'command line',
      action: 'import:begun',
      target: 'source old',
      detail: { file: '/var/log/old.log', format: 'auto' },
    },
    { action: 'import:ended', outcome: 'done', detail: { stored: 7, unparsed: 1 } },
  ]);
});

test('one that is refused or broken off is noted as that', async () => {
  await run(deskOf(() => Promise.resolve(fail('busy', 'another import is under way') as never)));
  await expect(run(deskOf(() => Promise.reject(new Error('gone'))))).rejects.toThrow('gone');
  expect(notes.map(({ action, outcome, detail }) => [action, outcome, detail?.['code']])).toEqual([
    ['import:begun', undefined, undefined],
    ['import:ended', 'refused', 'busy'],
    ['import:begun', undefined, undefined],
    ['import:ended', 'refused', 'broken-off'],
  ]);
});

test('one that can’t be noted isn’t begun', async () => {
  let isTaken = false;
  const desk = deskOf(
    () => {
      isTaken = true;
      return Promise.resolve(ok({ stored: 0, unparsed: 0, before: 0 }));
    },
    () => Promise.reject(new Error('disk full')),
  );
  await expect(run(desk)).rejects.toThrow('disk full');
  expect(isTaken).toBe(false);
});
