import { readFile } from 'node:fs/promises';
import ipaddr from 'ipaddr.js';

/** Datagrams that Linux dropped for one bound socket by its table of UDP sockets (proc(5)); `null` when the socket isn't in it. */
export function dropsIn(table: string, { address, port }: { address: string; port: number }): number | null {
  const local = `${hexOf(address)}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const row of table.split('\n')) {
    const columns = row.trim().split(/\s+/);
    if (columns[1] === local) return Number(columns.at(-1));
  }
  return null;
}

/** As the kernel prints an address: 32-bit words of the machine's byte order, here little-endian. */
function hexOf(address: string): string {
  const bytes = ipaddr.parse(address).toByteArray();
  const words = Array.from({ length: bytes.length / 4 }, (_, word) => bytes.slice(word * 4, word * 4 + 4));
  return words
    .flatMap((word) => word.toReversed())
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join('');
}

/** How many datagrams the kernel dropped since it was asked last, because we did not read fast enough; 0 where the system doesn't say. */
export function createKernelDrops(
  socket: { address: string; port: number },
  read: (path: string) => Promise<string> = (path) => readFile(path, 'latin1'),
): () => Promise<number> {
  const path = socket.address.includes(':') ? '/proc/net/udp6' : '/proc/net/udp';
  let known = 0;
  return async () => {
    const table = await read(path).catch(() => '');
    const drops = dropsIn(table, socket) ?? known;
    const fresh = Math.max(0, drops - known);
    known = drops;
    return fresh;
  };
}
