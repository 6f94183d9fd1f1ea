import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../server/project-root.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

const bulkPath = '/-/npm/v1/security/advisories/bulk';
const advisory = (severity: string) => ({
  // npm remembers what it made of an advisory by its id.
  id: 1_100_000 + ['moderate', 'high', 'critical'].indexOf(severity),
  url: 'https://github.com/advisories/GHSA-xxxx-xxxx-xxxx',
  title: 'Denial of service',
  severity,
  vulnerable_versions: '<9999.0.0',
  cwe: ['CWE-400'],
  cvss: { score: 7.5, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' },
});
const found = (severity: string): Answer => ({
  status: 200,
  body: JSON.stringify({ zod: [advisory(severity)] }),
});

let cache: string;
let registry: Server;
let answer: Answer;
let asked: string[];
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'siaga-audit-'));
  registry = createServer((request, response) => void answerTo(request, response));
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
});
afterEach(() => (asked = []));
afterAll(async () => {
  registry.closeAllConnections();
  await new Promise((resolve) => registry.close(resolve));
  await rm(cache, { recursive: true });
});

async function answerTo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const isAudit = request.url === bulkPath;
  if (isAudit) asked = Object.keys(JSON.parse(textOf(request, Buffer.concat(chunks))) as object);
  const { status, body } = isAudit ? answer : { status: 404, body: '{}' };
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

const textOf = ({ headers }: IncomingMessage, bytes: Buffer): string =>
  (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();

/** The script as it is, by the real npm, asking a registry on the loopback. */
function audit(): Promise<{ code: number | null; output: string }> {
  const { port } = registry.address() as AddressInfo;
  const child = spawn(process.execPath, [join(projectRoot, 'scripts', 'audit.mjs')], {
    env: {
      ...process.env,
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_cache: cache,
      npm_config_fetch_retries: '0',
      npm_config_update_notifier: 'false',
    },
  });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, output })));
}

test.each<[string, Answer, number, string]>([
  ['nothing found', { status: 200, body: '{}' }, 0, 'Advisories by level: {"info":0,'],
  ['one of level high', found('high'), 1, 'high: zod, Denial of service https://github.com/advisories/'],
  ['one of level critical', found('critical'), 1, 'critical: zod, '],
  ['one of level moderate', found('moderate'), 0, '"high":0,"critical":0'],
  ['a registry that takes no such question', { status: 405, body: '' }, 0, 'NOT ANSWERED (405): '],
  ['a registry that knows no such address', { status: 404, body: '{}' }, 0, 'NOT ANSWERED (404): '],
  ['a registry with a fault', { status: 503, body: 'sorry' }, 0, 'NOT ANSWERED (503): '],
  ['an answer that is no JSON', { status: 200, body: '<html>' }, 0, 'NOT ANSWERED ('],
])('%s', async (_title, given, code, said) => {
  answer = given;
  const result = await audit();
  expect(result.output).toContain(said);
  expect(result.code).toBe(code);
  if (result.output.startsWith('NOT ANSWERED')) expect(result.output.trim().split('\n')).toHaveLength(1);
  // What ships is asked about, and nothing else.
  expect(asked).toContain('express');
  expect(asked).not.toContain('vitest');
});
