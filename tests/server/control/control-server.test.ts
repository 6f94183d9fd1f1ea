import { createHash } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditNote } from '../../../server/audit/audit-log.ts';
import type { LogEntry } from '../../../server/api/services.ts';
import { connectControl } from '../../../server/control/control-client.ts';
import { openControlSocket } from '../../../server/control/control-server.ts';
import type { ControlServices } from '../../../server/control/services.ts';
import { maxSocketPathBytes, socketPathOf } from '../../../server/control/socket-path.ts';
import type { Chunk } from '../../../server/ingest/source.ts';
import {
  createImportDesk,
  type ImportedFile,
  type ImportPiece,
} from '../../../server/ingest/sources/import-desk.ts';
import { openStateStore, type StateStore } from '../../../server/store/state/state-store.ts';
import { fail, ok } from '../../../shared/result.ts';
import { createMemory } from '../ingest/sources/memory.ts';

let folder = '';
let path = '';
let close: () => Promise<void>;
let log: LogEntry[] = [];
let chunks: Chunk[] = [];
let calls: string[] = [];
let notes: AuditNote[] = [];
let store: StateStore;

const user = {
  name: 'sari',
  role: 'viewer' as const,
  agency: 'KPU',
  secondFactor: false,
  disabled: false,
  createdAt: 1,
  lastSignIn: null,
};

function services(): ControlServices {
  let id = 0;
  const imports = createImportDesk({
    memory: createMemory(),
    isLive: (source) => source === 'web',
    begin: () =>
      Promise.resolve((chunk) => {
        chunks.push(chunk);
        return Promise.resolve({ received: 2, stored: 2, unparsed: 1, rejected: [], unparsedLines: [] });
      }),
    committed: () => Promise.resolve(),
    storedOf: () => Promise.resolve(0),
    newId: () => `id-${(id += 1)}`,
  });
  return {
    auth: {
      listUsers: () => Promise.resolve([user]),
      createUser: () => Promise.resolve(fail('conflict', 'the name is taken')),
      updateUser: async (name, _changes, witness) => {
        calls.push(name);
        await witness?.(store.db, { before: user, user });
        return ok({ before: user, user });
      },
      resetPassword: () => Promise.reject(new Error('broken')),
      resetFactor: () => Promise.resolve(fail('not-found', 'no such user')),
    },
    audit: {
      note: (note) => {
        notes.push(note);
        return Promise.resolve();
      },
      noteWithin: (_transaction, note) => {
        notes.push(note);
        return Promise.resolve();
      },
    },
    ledger: () => Promise.reject(new Error('not asked')),
    imports,
    now: () => 0,
    log: (entry) => void log.push(entry),
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siaga-control-'));
  path = join(folder, 'control.sock');
  log = [];
  chunks = [];
  calls = [];
  notes = [];
  store = await openStateStore({ file: ':memory:' });
  ({ close } = await openControlSocket(path, services()));
});
afterEach(async () => {
  await close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function connected() {
  const control = await connectControl(path);
  if (control === null) throw new Error('nobody answers');
  return control;
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));
const file = (ticket: string, fields: Partial<ImportedFile> = {}): ImportedFile => ({
  source: 'import',
  format: 'auto',
  ticket,
  file: {
    id: null,
    path: '/logs/a.log',
    device: 1,
    inode: 2,
    headHash: createHash('sha256').update('a\nb\n').digest('hex'),
    headLength: 4,
  },
  from: 0,
  ...fields,
});
async function* of(...pieces: ImportPiece[]): AsyncGenerator<ImportPiece> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

/** What the server says to a request that no client of ours makes. */
function ask(method: string, url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: path, method, path: url }, (response) => {
      let text = '';
      response.on('data', (piece: Buffer) => void (text += piece.toString()));
      response.on('end', () => resolve(JSON.parse(text.trimEnd())));
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the control socket', () => {
  it('may be opened by its owner only, and is gone when it is closed', async () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await close();
    expect(await connectControl(path)).toBeNull();
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('is replaced when a killed server left one', async () => {
    await close();
    writeFileSync(path, '');
    ({ close } = await openControlSocket(path, services()));
    await (await connected()).close();
  });

  it('has a path that every system takes, or there is none', () => {
    const long = (length: number) => `/${'x'.repeat(length - '/control.sock'.length - 1)}`;
    expect(socketPathOf(long(maxSocketPathBytes))).toHaveLength(maxSocketPathBytes);
    expect(socketPathOf(long(maxSocketPathBytes + 1))).toBeNull();
  });

  it('answers calls, with what went well and what was refused, and logs the changes', async () => {
    const control = await connected();
    expect(await control.call('user:list', {})).toEqual(ok({ users: [user] }));
    expect(await control.call('user:update', { name: 'sari', disabled: true })).toEqual(ok(user));
    expect(await control.call('user:add', { name: 'sari', role: 'viewer' })).toEqual(
      fail('conflict', 'the name is taken'),
    );
    expect(log).toEqual([{ level: 'info', event: 'user:updated', user: 'command line', detail: 'sari' }]);
    await control.close();
  });

  it.each([
    ['GET', '/user:list?%7B%7D', 'unknown-call'],
    ['POST', '/__proto__?%7B%7D', 'unknown-call'],
    ['POST', '/user:list', 'unknown-call'],
    ['POST', '/user:list?%7B', 'unknown-call'],
    ['POST', '/user:update?%7B%22name%22%3A%22sari%22%2C%22password_hash%22%3A%22x%22%7D', 'bad-arguments'],
    ['POST', '/user:update?%7B%22name%22%3A%22a%20b%22%7D', 'bad-arguments'],
    ['POST', '/import:file?%7B%7D', 'bad-arguments'],
  ])('refuses %s %s as %s', async (method, url, code) => {
    expect(await ask(method, url)).toMatchObject({ ok: false, code });
    expect(calls).toEqual([]);
  });

  it('ends the connection of a call that fails, and goes on', async () => {
    const control = await connected();
    await expect(control.call('user:password', { name: 'sari' })).rejects.toThrow();
    expect(log).toMatchObject([{ event: 'control:failed' }]);
    expect(await control.call('hello', {})).toEqual(ok({}));
    await control.close();
  });
});

describe('an import through the control socket', () => {
  const look = async () => {
    const control = await connected();
    const known = await control.call('import:known', { source: 'import', head: 'YQpiCg==' });
    if (!known.ok) throw new Error(known.message);
    return { control, ticket: known.value.ticket };
  };

  it('hands the pieces over as they are and tells of each', async () => {
    const { control, ticket } = await look();
    const told: unknown[] = [];
    const pieces = of(
      { bytes: bytes('a\nb\n'), offset: 0, end: 4 },
      { bytes: bytes('c\nd'), offset: 4, end: 7 },
    );
    expect(await control.importFile(file(ticket), pieces, (receipt) => void told.push(receipt))).toEqual(
      ok({ stored: 4, unparsed: 2, before: 0 }),
    );
    expect(told).toEqual([
      { stored: 2, unparsed: 1, end: 4 },
      { stored: 2, unparsed: 1, end: 7 },
    ]);
    expect(chunks.map((chunk) => [Buffer.from(chunk.bytes).toString(), chunk.origin, chunk.end])).toEqual([
      ['a\nb\n', { source: 'import', file: { id: 'id-3', offset: 0 } }, 4],
      ['c\nd', { source: 'import', file: { id: 'id-3', offset: 4 } }, 7],
    ]);
    await control.close();
  });

  it('rejects when the file can not be read on, and is free for the next one', async () => {
    const { control, ticket } = await look();
    async function* broken(): AsyncGenerator<ImportPiece> {
      yield await Promise.resolve({ bytes: bytes('a\n'), offset: 0, end: 2 });
      throw new Error('unexpected end of file');
    }
    await expect(control.importFile(file(ticket), broken(), () => undefined)).rejects.toThrow(
      'unexpected end of file',
    );
    await expect.poll(() => log.at(-1)?.event).toBe('import:ended');
    const again = await look();
    expect(await again.control.importFile(file(again.ticket), of(), () => undefined)).toMatchObject({
      ok: true,
    });
    await control.close();
    await again.control.close();
  });

  it('is refused before any piece is asked for: a live source, an old ticket', async () => {
    const { control, ticket } = await look();
    const never = (): AsyncGenerator<ImportPiece> => {
      throw new Error('asked for pieces');
    };
    const lazy: AsyncIterable<ImportPiece> = { [Symbol.asyncIterator]: never };
    expect(await control.importFile(file(ticket, { source: 'web' }), lazy, () => undefined)).toMatchObject({
      ok: false,
      code: 'live-source',
    });
    expect(await control.importFile(file('old'), lazy, () => undefined)).toMatchObject({
      ok: false,
      code: 'stale',
    });
    await control.close();
  });

  it('refuses a piece that does not follow the one before', async () => {
    const { control, ticket } = await look();
    const gap = of({ bytes: bytes('a\n'), offset: 0, end: 2 }, { bytes: bytes('c\n'), offset: 4, end: 6 });
    expect(await control.importFile(file(ticket), gap, () => undefined)).toMatchObject({
      ok: false,
      code: 'bad-piece',
    });
    expect(chunks).toHaveLength(1);
    await control.close();
  });
});
