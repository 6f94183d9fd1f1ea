import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createKernelDrops, dropsIn } from '../../../../server/ingest/sources/udp-kernel-drops.ts';

const table = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  100: 00000000:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 111 2 0000000000000000 3
  101: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 112 2 0000000000000000 42
  102: 0100007F:158B 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 113 2 0000000000000000 5
`;
const table6 = `   sl  local_address                         remote_address                        st
  7: 00000000000000000000000001000000:158A 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 9 2 0 8
  8: B80D0120000000000000000001000000:158A 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 9 2 0 9
`;

describe('datagrams that the kernel dropped', () => {
  it.each([
    ['an address', table, { address: '127.0.0.1', port: 5_514 }, 42],
    ['any address', table, { address: '0.0.0.0', port: 5_514 }, 3],
    ['another port', table, { address: '127.0.0.1', port: 5_515 }, 5],
    ['a socket that is not there', table, { address: '192.0.2.1', port: 5_514 }, null],
    ['the loopback of IPv6', table6, { address: '::1', port: 5_514 }, 8],
    ['an address of IPv6', table6, { address: '2001:db8::1', port: 5_514 }, 9],
    ['an empty table', '', { address: '127.0.0.1', port: 5_514 }, null],
  ])('are found in the table of sockets: %s', (_, text, socket, drops) => {
    expect(dropsIn(text, socket)).toBe(drops);
  });

  it('are told once each', async () => {
    let text = table;
    const drops = createKernelDrops({ address: '127.0.0.1', port: 5_514 }, () => Promise.resolve(text));
    expect([await drops(), await drops()]).toEqual([42, 0]);
    text = table.replace(' 42\n', ' 50\n');
    expect([await drops(), await drops()]).toEqual([8, 0]);
  });

  it('are none where the system does not say', async () => {
    const drops = createKernelDrops({ address: '127.0.0.1', port: 1 }, () => Promise.reject(new Error('no')));
    expect(await drops()).toBe(0);
  });

  it('are found in the table of this system, where it has one', async () => {
    if (!existsSync('/proc/net/udp')) return;
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
    const drops = dropsIn(await readFile('/proc/net/udp', 'latin1'), socket.address());
    socket.close();
    expect(drops).toBe(0);
  });
});
