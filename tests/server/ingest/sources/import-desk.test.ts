import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createImportDesk,
  type ImportedFile,
  type ImportPiece,
} from '../../../../server/ingest/sources/import-desk.ts';
import { maxChunksUnderWay } from '../../../../server/ingest/sources/followed-file.ts';
import type { Chunk, ChunkReceipt } from '../../../../server/ingest/source.ts';
import { createMemory } from './memory.ts';

const receipt: ChunkReceipt = { received: 1, stored: 1, unparsed: 0, rejected: [], unparsedLines: [] };
const head = Buffer.from('first line\n');
const piece = (offset: number): ImportPiece => ({ bytes: new Uint8Array(2), offset, end: offset + 2 });
async function* pieces(count: number): AsyncGenerator<ImportPiece> {
  for (let index = 0; index < count; index += 1) yield await Promise.resolve(piece(index * 2));
}
const nobody = (): void => undefined;

function start() {
  const memory = createMemory();
  const handed: { chunk: Chunk; settle: (receipt: ChunkReceipt) => void }[] = [];
  let id = 0;
  const desk = createImportDesk({
    memory,
    isLive: (source) => source === 'web',
    begin: () => Promise.resolve((chunk) => new Promise((settle) => void handed.push({ chunk, settle }))),
    committed: () => Promise.resolve(),
    storedOf: () => Promise.resolve(7),
    newId: () => `id-${(id += 1)}`,
  });
  const look = async (source = 'import') => {
    const known = await desk.known(source, head);
    if (!known.ok) throw new Error(known.code);
    return known.value;
  };
  return { desk, memory, handed, look };
}

const file = (ticket: string, id: string | null = null, from = 0): ImportedFile => ({
  source: 'import',
  format: 'auto',
  ticket,
  file: {
    id,
    path: '/a.log',
    device: 1,
    inode: 1,
    headHash: createHash('sha256').update(head).digest('hex'),
    headLength: head.length,
  },
  from,
});

describe('the desk of imports', () => {
  it('knows a file by its beginning once it was begun, apart from files that are followed', async () => {
    const { desk, memory, look } = start();
    const { ticket, files } = await look();
    expect(files).toEqual([]);
    await desk.take(file(ticket), pieces(0), nobody);
    expect((await look()).files).toMatchObject([{ source: 'import:import', path: '/a.log', offset: 0 }]);
    expect((await look('other')).files).toEqual([]);
    expect(await memory.all('import')).toEqual([]);
  });

  it('goes on with a known file, and says how much of it is stored', async () => {
    const { desk, memory, look } = start();
    await desk.take(file((await look()).ticket), pieces(0), nobody);
    const { files, ticket } = await look();
    const id = files[0]?.id ?? '';
    memory.change(id, { offset: 4 });
    expect(await desk.take(file(ticket, id, 4), pieces(0), nobody)).toEqual({
      ok: true,
      value: { stored: 0, unparsed: 0, before: 7 },
    });
    const again = await look();
    expect(await desk.take(file(again.ticket, id, 2), pieces(0), nobody)).toMatchObject({ code: 'stale' });
    expect(await desk.take(file((await look()).ticket, 'nobody', 2), pieces(0), nobody)).toMatchObject({
      code: 'stale',
    });
  });

  it('does not let two commands take in the same file', async () => {
    const { desk, handed, look } = start();
    const [one, two] = [await look(), await look()];
    const first = desk.take(file(one.ticket), pieces(1), nobody);
    expect(await desk.take(file(two.ticket), pieces(1), nobody)).toMatchObject({ code: 'busy' });
    expect(await desk.known('import', head)).toMatchObject({ code: 'busy' });
    await expect.poll(() => handed.length).toBe(1);
    handed[0]?.settle(receipt);
    expect(await first).toMatchObject({ ok: true });
    expect(await desk.take(file(two.ticket), pieces(1), nobody)).toMatchObject({ code: 'stale' });
    expect(handed).toHaveLength(1);
  });

  it('asks for no more pieces than may be under way', async () => {
    const { desk, handed, look } = start();
    const done = desk.take(file((await look()).ticket), pieces(maxChunksUnderWay + 2), nobody);
    await expect.poll(() => handed.length).toBe(maxChunksUnderWay);
    await new Promise((resolve) => void setImmediate(resolve));
    expect(handed).toHaveLength(maxChunksUnderWay);
    handed[0]?.settle(receipt);
    await expect.poll(() => handed.length).toBe(maxChunksUnderWay + 1);
    handed[1]?.settle(receipt);
    await expect.poll(() => handed.length).toBe(maxChunksUnderWay + 2);
    for (const { settle } of handed) settle(receipt);
    expect(await done).toMatchObject({ value: { stored: maxChunksUnderWay + 2 } });
  });

  it('keeps what came before its sender was gone, and is busy until that is durable', async () => {
    const { desk, handed, look } = start();
    async function* broken(): AsyncGenerator<ImportPiece> {
      yield await Promise.resolve(piece(0));
      throw new Error('gone');
    }
    const told: number[] = [];
    const done = desk.take(file((await look()).ticket), broken(), (_receipt, { end }) => void told.push(end));
    await expect.poll(() => handed.length).toBe(1);
    expect(await desk.known('import', head)).toMatchObject({ code: 'busy' });
    handed[0]?.settle(receipt);
    await expect(done).rejects.toThrow('gone');
    expect(told).toEqual([2]);
    expect(await desk.known('import', head)).toMatchObject({ ok: true });
  });

  it('refuses sources that are heard live, and everything once it is stopped', async () => {
    const { desk } = start();
    expect(await desk.known('web', head)).toMatchObject({ code: 'live-source' });
    await desk.stop();
    expect(await desk.known('import', head)).toMatchObject({ code: 'unavailable' });
  });
});
