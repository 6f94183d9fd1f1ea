import { createHash, randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIngestHandler } from '../../server/ingest/ingest-handler.ts';
import { createFileSource } from '../../server/ingest/sources/file-source.ts';
import { createHttpSource } from '../../server/ingest/sources/http-source.ts';
import { syslogLimits } from '../../server/ingest/sources/syslog-limits.ts';
import { createSyslogSource } from '../../server/ingest/sources/syslog-source.ts';
import { createMemory } from '../server/ingest/sources/memory.ts';
import { describeSource } from './source.suite.ts';

describeSource('followed file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'siaga-file-'));
  const path = join(folder, 'access.log');
  await writeFile(path, '');
  const memory = createMemory();
  const sent: number[] = [];
  const source = createFileSource({
    source: 'web',
    paths: [path],
    start: 'beginning',
    memory,
    newId: () => 'file-1',
    clock: () => performance.now(),
    now: () => Date.now(),
    log: () => undefined,
    reject: () => undefined,
  });
  return {
    source,
    booked: memory.booked,
    send: async (lines) => {
      const text = lines.map((line) => `${line}\n`).join('');
      for (const line of lines) sent.push(Buffer.byteLength(line) + 1);
      await appendFile(path, text);
    },
    committed: async () => {
      let rest = (await memory.all('web'))[0]?.offset ?? 0;
      let lines = 0;
      for (const length of sent) {
        rest -= length;
        if (rest >= 0) lines += 1;
      }
      return lines;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

/** How senders of syslog over TCP tell where a message ends. */
const framings: Record<string, (line: string) => string> = {
  'syslog over TCP, lines': (line) => `${line}\n`,
  'syslog over TCP, octet-counted': (line) => `${Buffer.byteLength(line)} ${line}`,
};

for (const [name, frame] of Object.entries(framings))
  describeSource(name, async () => {
    const schedule = (callback: () => void, afterMs: number) => {
      const timer = setTimeout(callback, afterMs);
      return { cancel: () => clearTimeout(timer) };
    };
    const source = createSyslogSource({
      source: 'web',
      udp: null,
      tcp: { host: '127.0.0.1', port: 0 },
      tls: null,
      allow: null,
      limits: syslogLimits,
      reject: () => undefined,
      log: () => undefined,
      now: () => Date.now(),
      newId: randomUUID,
      schedule,
      every: () => ({ cancel: () => undefined }),
    });
    let committed = 0;
    let socket: Socket | null = null;
    return {
      // Nobody is answered: what is committed is what was handed over and resolved.
      source: {
        ...source,
        start: (handOver) =>
          source.start(async (chunk) => {
            const receipt = await handOver(chunk);
            committed += receipt.stored;
            return receipt;
          }),
      },
      send: async (lines) => {
        const port = source.port('tcp') ?? 0;
        const open = (socket ??= connect(port, '127.0.0.1').on('error', () => undefined));
        await new Promise<void>((resolve) => void open.write(lines.map(frame).join(''), () => resolve()));
      },
      committed: () => Promise.resolve(committed),
      close: () => {
        socket?.destroy();
        return Promise.resolve();
      },
    };
  });

describeSource('HTTP', async () => {
  const token = 'a-token-of-the-test-suite';
  const source = createHttpSource({
    source: 'sipol',
    tokenSha256: createHash('sha256').update(token).digest('hex'),
    isStoreFailing: () => false,
    onStoreFailing: () => () => undefined,
    committed: () => Promise.resolve(),
    findBatch: () => Promise.resolve(null),
    repeat: () => undefined,
    log: () => undefined,
    schedule: () => ({ cancel: () => undefined }),
  });
  const handler = createIngestHandler([source]);
  const server = createServer((request, response) => void handler(request, response, 'sipol'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  let committed = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    source,
    send: async (lines) => {
      const before = last;
      last = before.then(async () => {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
          body: lines.join('\n'),
        });
        if (answer.ok) committed += ((await answer.json()) as { stored: number }).stored;
      });
      await Promise.race([last, new Promise((resolve) => setImmediate(resolve))]);
    },
    committed: () => Promise.resolve(committed),
    close: async () => {
      await last;
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
});
