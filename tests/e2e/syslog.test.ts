import { execFileSync } from 'node:child_process';
import { appendFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInByApi, type ApiSession, type StoredEvent } from './api-session.ts';
import { startNginx, type NginxProcess } from './nginx-process.ts';
import { startRsyslog, type RsyslogProcess } from './rsyslog-process.ts';
import {
  freePort,
  privateFolder,
  spawnSiaga,
  startSiaga,
  writeRegister,
  type SiagaProcess,
} from './siaga-process.ts';

const count = 1_000;
const numbers = Array.from({ length: count }, (_value, n) => n);

let folder: Awaited<ReturnType<typeof privateFolder>>;
let siaga: SiagaProcess;
let config = '';
let api: ApiSession;
let ports: Record<'nginx' | 'traditional' | 'counted' | 'tls', number>;
const senders: (NginxProcess | RsyslogProcess)[] = [];

/** A certificate for the loopback that signs itself. */
function writeCertificate(parent: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'tls.key'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const args = ['req', '-x509', ...key, '-out', 'tls.pem', '-days', '2', ...names];
  execFileSync('openssl', args, { cwd: parent, stdio: 'pipe' });
}

beforeAll(async () => {
  folder = await privateFolder();
  const parent = folder.folder;
  writeCertificate(parent);
  ports = {
    nginx: await freePort(),
    traditional: await freePort(),
    counted: await freePort(),
    tls: await freePort(),
  };
  const parties = await writeRegister(parent);
  config = join(parent, 'siaga.yaml');
  await writeFile(
    config,
    [
      `parties: ${parties}`,
      'sources:',
      `  - { id: nginx, kind: syslog, udp: "127.0.0.1:${ports.nginx}", format: combined }`,
      `  - { id: traditional, kind: syslog, tcp: "127.0.0.1:${ports.traditional}" }`,
      `  - { id: counted, kind: syslog, tcp: "127.0.0.1:${ports.counted}" }`,
      `  - { id: tls, kind: syslog, tls: { listen: "127.0.0.1:${ports.tls}", cert: tls.pem, key: tls.key } }`,
      '',
    ].join('\n'),
  );
  siaga = await startSiaga({ folder: parent, args: ['--config', config] });
  api = await signInByApi(siaga.url, siaga.oneTimePassword());
});

afterAll(async () => {
  for (const sender of senders) await sender.stop();
  await siaga?.stop();
  await folder?.remove();
});

/** The line without what syslog puts before it: priority, time, host and tag of RFC 3164 or 5424. */
function messageOf(event: StoredEvent): string {
  const original = String(event['event.original']);
  const message =
    /^<\d{1,3}>(?:1 \S+ \S+ \S+ \S+ \S+ (?:-|\[.*\]) |\w{3} [ \d]\d [\d:]{8} \S+ [^:]+: ?)(.*)$/s.exec(
      original,
    );
  return message?.[1]?.trimStart() ?? `no syslog message: ${original}`;
}

/** Waits until so many events of a source are stored, and expects that they hold these messages, each exactly once. */
async function expectEachOnce(source: string, messages: readonly (string | RegExp)[]): Promise<void> {
  await expect.poll(() => api.storedOf(source), { timeout: 30_000 }).toBe(messages.length);
  const events = await api.eventsOf(source);
  const found = events.map(messageOf);
  expect(found).toHaveLength(messages.length);
  expect(events.map((event) => event['event.dataset'])).toEqual(messages.map(() => 'log'));
  expect(events.map((event) => event['message'])).toEqual(found);
  const missing = messages.filter((message) => {
    const isIt = (each: string) => (typeof message === 'string' ? each === message : message.test(each));
    return found.filter(isIt).length !== 1;
  });
  expect(missing).toEqual([]);
}

describe('syslog of the programs that people have', () => {
  it(`hears ${count} requests that nginx logs over UDP, each exactly once`, async () => {
    const nginx = await startNginx(folder.folder, `syslog:server=127.0.0.1:${ports.nginx},tag=nginx`);
    senders.push(nginx);
    const begun = await untilQuiet('nginx');
    const ask = (n: number) =>
      fetch(`${nginx.url}/sipol/number-${n}-`, { headers: { 'x-test-address': '192.0.2.7' } });
    // UDP has no way to say "wait": no more at once than the system's buffer holds.
    for (let n = 0; n < count; n += 100) {
      await Promise.all(numbers.slice(n, n + 100).map(ask));
      await expect.poll(() => api.storedOf('nginx'), { timeout: 30_000 }).toBe(begun + n + 100);
    }
    const events = await api.eventsOf('nginx');
    expect(events.filter((event) => event['event.dataset'] === 'access')).toHaveLength(events.length);
    expect(events[0]).toMatchObject({
      'source.ip': '192.0.2.7',
      'process.name': 'nginx',
      'http.response.status_code': 200,
    });
    const found = events.map(messageOf);
    const line = /^192\.0\.2\.7 - - \[[^\]]+\] "GET \/sipol\/number-(\d+)- HTTP\/1\.1" 200 2 "-" "[^"]+"$/;
    const heard = found.flatMap((message) => line.exec(message)?.[1] ?? []).map(Number);
    expect(heard.toSorted((a, b) => a - b)).toEqual(numbers);
    const long = `/sipol/${'x'.repeat(6_000)}`;
    await fetch(nginx.url + long);
    await expect.poll(() => api.storedOf('nginx'), { timeout: 10_000 }).toBe(begun + count + 1);
    expect(
      (await api.eventsOf('nginx')).filter((event) => messageOf(event).includes(`GET ${long} HTTP`)),
    ).toHaveLength(1);
  });

  it.each([
    ['traditional', 'traditional', 'RSYSLOG_TraditionalForwardFormat'],
    ['counted', 'octet-counted', 'RSYSLOG_SyslogProtocol23Format'],
  ] as const)(
    `hears ${count} lines that rsyslog forwards over TCP, each exactly once: %s`,
    async (source, framing, template) => {
      const rsyslog = await startRsyslog({ parent: folder.folder, port: ports[source], framing, template });
      senders.push(rsyslog);
      const lines = numbers.map((n) => `number ${n} ${'y'.repeat(n % 300)} é "<script>"`);
      await appendFile(rsyslog.input, lines.map((line) => `${line}\n`).join(''));
      await expectEachOnce(source, lines);
    },
  );

  it('hears lines over TLS', async () => {
    const lines = numbers.map((n) => `number ${n}`);
    const stream = lines.map((line) => `<13>Nov 24 14:02:43 host app: ${line}\n`).join('');
    const trust = ['-CAfile', 'tls.pem', '-verify_return_error', '-quiet', '-no_ign_eof'];
    execFileSync('openssl', ['s_client', '-connect', `127.0.0.1:${ports.tls}`, ...trust], {
      cwd: folder.folder,
      input: stream,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    await expectEachOnce('tls', lines);
  });

  it('hears what rsyslog kept while Siaga was stopped', async () => {
    const rsyslog = senders.find((sender) => 'input' in sender);
    if (!rsyslog || !('input' in rsyslog)) throw new Error('expected an rsyslogd of the tests before');
    const before = await api.storedOf('traditional');
    const port = Number(new URL(siaga.url).port);
    expect(await siaga.stop()).toBe(0);
    const lines = numbers.map((n) => `while stopped ${n}`);
    await appendFile(rsyslog.input, lines.map((line) => `${line}\n`).join(''));
    siaga = await startSiaga({ folder: folder.folder, port, args: ['--config', config] });
    await expect.poll(() => api.storedOf('traditional'), { timeout: 30_000 }).toBe(before + count);
    const found = (await api.eventsOf('traditional')).map(messageOf);
    expect(new Set(found).size).toBe(before + count);
    expect(lines.filter((line) => !found.includes(line))).toEqual([]);
  });

  it('counts and shows what a hostile sender does, and goes on', async () => {
    const before = await api.storedOf('counted');
    const hostile = connect(ports.counted, '127.0.0.1').on('error', () => undefined);
    hostile.write('30 <13>Nov 24 14:02:43 h app: one99999999 <13>two');
    await new Promise((resolve) => void hostile.resume().on('close', resolve));
    await expect.poll(() => api.storedOf('counted'), { timeout: 10_000 }).toBe(before + 1);
    const health = await api.healthOf('counted');
    expect(health).toMatchObject({ kind: 'syslog', pending: 0, fault: null, totals: { rejected: 1 } });
    expect(health?.totals.received).toBe((health?.totals.stored ?? 0) + 1);
    expect(siaga.output()).toContain('source counted: bad-frame-length, 1 times, last from 127.0.0.1');
  });

  it('ends the start when it can not listen, and says why', async () => {
    const second = spawnSiaga({
      folder: folder.folder,
      args: ['--config', config],
      env: { SIAGA_DATA: join(folder.folder, 'other') },
    });
    expect(await second.exit).toBe(1);
    expect(second.output()).toContain(
      `source nginx can't listen on 127.0.0.1:${ports.nginx} (udp): bind EADDRINUSE`,
    );
  });

  it('stops cleanly with senders connected', async () => {
    expect(await siaga.stop()).toBe(0);
    expect(siaga.output()).not.toContain('did not stop');
  });
});

/** How many events of a source are stored once no more come: what nginx was asked at its start is logged too. */
async function untilQuiet(source: string): Promise<number> {
  let last = -1;
  await expect
    .poll(
      async () => {
        const now = await api.storedOf(source);
        const isQuiet = now === last && now > 0;
        last = now;
        return isQuiet;
      },
      { interval: 300, timeout: 10_000 },
    )
    .toBe(true);
  return last;
}
