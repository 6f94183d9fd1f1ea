import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../server/project-root.ts';
import { certify } from '../certificates.ts';
import { openEdgeDesk, type EdgeDesk } from './edge-desk.ts';
import { open, say, statusOf } from './raw-connection.ts';
import { freePort } from './siaga-process.ts';

let desk: EdgeDesk;
beforeAll(async () => {
  desk = await openEdgeDesk({ headersTime: '5s' }, '127.0.0.1');
});
afterAll(() => desk?.close());

describe('behind the proxy of docs/examples/nginx.conf', () => {
  let tlsPort = 0;
  let nginx: ReturnType<typeof spawn>;

  beforeAll(async () => {
    const folder = join(desk.folder, 'proxy');
    await mkdir(folder, { recursive: true });
    tlsPort = await freePort();
    const [cert, key] = [join(folder, 'siaga.crt'), join(folder, 'siaga.key')];
    certify('siaga.example', { cert, key });
    const example = await readFile(join(projectRoot, 'docs', 'examples', 'nginx.conf'), 'utf8');
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    const adapted = example
      .replace('listen 443 ssl;', `listen 127.0.0.1:${tlsPort} ssl;`)
      .replace('http://127.0.0.1:8080', `http://127.0.0.1:${desk.port}`)
      .replace('/etc/ssl/siaga.crt', cert)
      .replace('/etc/ssl/private/siaga.key', key)
      .replace('http {', `http {\n${paths.join('\n')}\naccess_log off;\n`)
      .replace(
        'worker_processes auto;',
        `daemon off;\npid ${folder}/nginx.pid;\nerror_log ${folder}/error.log;\nworker_processes 1;`,
      );
    await writeFile(join(folder, 'nginx.conf'), adapted);
    const binary = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find(existsSync) ?? 'nginx';
    nginx = spawn(binary, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
    const health = 'GET /healthz HTTP/1.1\r\nHost: siaga.example\r\nConnection: close\r\n\r\n';
    for (let tries = 0; tries < 100 && statusOf(await ask(health)) !== 200; tries += 1)
      await new Promise((resolve) => void setTimeout(resolve, 50));
  });
  afterAll(() => void nginx?.kill('SIGTERM'));

  function ask(bytes: string, { from = '127.0.0.1' } = {}): Promise<string> {
    return new Promise((resolve) => {
      const socket = connectTls(
        {
          socket: open({ port: tlsPort, from }),
          rejectUnauthorized: false,
          servername: 'siaga.example',
        },
        () => void socket.write(bytes),
      );
      let text = '';
      const timer = setTimeout(() => socket.destroy(), 3_000);
      socket.on('data', (chunk: Buffer) => void (text += chunk.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearTimeout(timer);
        resolve(text);
      });
    });
  }

  const smuggled: [string, string][] = [
    ['TE and CL', 'Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG'],
    ['CL twice', 'Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
    ['TE twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n'],
    ['TE of two values', 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['TE with a space before its colon', 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n'],
    ['TE folded over lines', 'Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n'],
    ['a negative length', 'Content-Length: -1\r\n\r\n'],
    ['a length with a sign', 'Content-Length: +4\r\n\r\nabcd'],
  ];

  it.each(smuggled)(
    'S-44: %s is refused at one hop, and nothing smuggled is answered',
    async (_what, rest) => {
      const after = 'GET /healthz HTTP/1.1\r\nHost: siaga.example\r\nConnection: close\r\n\r\n';
      for (const send of [ask, (bytes: string) => say(desk, bytes)]) {
        const answer = await send(`POST /api/session HTTP/1.1\r\nHost: siaga.example\r\n${rest}${after}`);
        expect([400, 501]).toContain(statusOf(answer));
        expect(answer).not.toContain('"status":"ok"');
      }
    },
  );

  it('S-44: a bare line feed ends no header behind Node', async () => {
    const answer = await say(desk, `GET /healthz HTTP/1.1\nHost: siaga.example\nX: y\n\n`, 1_000);
    expect(statusOf(answer)).toBe(400);
  });

  it('only what the proxy says of an address is believed', async () => {
    const claim = 'X-Forwarded-For: 203.0.113.9';
    const many = Array.from({ length: 101 }, (_value, n) => `h${n}: 1`);
    const proxied = ['GET / HTTP/1.1', 'Host: siaga.example', claim, ...many, '', ''].join('\r\n');
    expect(statusOf(await ask(proxied, { from: '127.0.0.7' }))).toBe(431);
    const large = [
      'POST /api/session HTTP/1.1',
      `Host: 127.0.0.1:${desk.port}`,
      `Origin: ${desk.siaga.url}`,
      claim,
      'Content-Type: application/json',
      'Content-Length: 70000',
      '',
      '',
    ].join('\r\n');
    expect(statusOf(await say({ port: desk.port, from: '127.0.0.5' }, large))).toBe(413);
    const reached = desk.siaga
      .output()
      .split('\n')
      .filter((line) => line.includes('limit:reached'));
    expect(reached).toHaveLength(2);
    expect(reached[0]).toContain('"127.0.0.7"');
    expect(reached[1]).toContain('"127.0.0.5"');
  });
});
