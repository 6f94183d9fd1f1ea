import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBody } from '../../../../server/ingest/http/inflate.ts';
import { createRoom } from '../../../../server/ingest/http/room.ts';

describe('room for the bytes of requests', () => {
  it('is shared, and free again once a request has left', () => {
    const room = createRoom(10);
    const one = room.enter();
    const two = room.enter();
    expect([one.hold(6), two.hold(5), two.hold(4)]).toEqual([true, false, true]);
    one.leave();
    one.leave();
    expect([two.hold(7), two.hold(6)]).toEqual([false, true]);
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(100_000))],
    [undefined, Buffer.alloc(100_000)],
  ])('that is not there refuses a body (%s) for now', async (encoding, body) => {
    const { hold } = createRoom(99_999).enter();
    const pieces = async function* (): AsyncGenerator<Buffer> {
      yield body;
      await Promise.resolve();
    };
    expect(await readBody(pieces(), { encoding, length: undefined }, hold)).toMatchObject({
      code: 'too-many',
    });
  });
});
