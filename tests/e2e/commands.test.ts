import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../server/project-root.ts';
import { privateFolder, writeRegister } from './siaga-process.ts';

const entry = join(projectRoot, 'dist', 'server', 'cli', 'siaga.js');
let folder = '';
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ folder, remove } = await privateFolder());
});
afterAll(() => remove());

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command as a stranger would, without a terminal. */
function siaga(args: readonly string[], input: string | Buffer = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [entry, ...args],
      { cwd: folder, maxBuffer: 1e9 },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

const objects = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const write = (name: string, text: string | Buffer) => writeFile(join(folder, name), text);
const failedLogin = (second: number, address = '203.0.113.9') =>
  `${address} - - [23/Nov/2026:12:00:${String(second).padStart(2, '0')} +0700] "POST /login HTTP/1.1" 401 12 "-" "Mozilla/5.0"\n`;
const attack = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => failedLogin(from + index)).join('');

describe('siaga', () => {
  it('lists its commands', async () => {
    const { code, out } = await siaga(['--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}scan +\S/m);
  });

  it.each([
    [['scna'], 'siaga: found "scna": unknown command, did you mean scan?'],
    [['__proto__'], 'siaga: found "__proto__": unknown command, expected one of '],
    [['scan', '--jsn', 'x'], 'siaga scan: --jsn: unknown option, did you mean --json?'],
    [
      ['scan', '--format', 'combind', 'x'],
      'siaga scan: --format: found "combind": unknown format, did you mean',
    ],
    [['scan', '--rules', 'nowhere', 'x'], 'siaga scan: --rules: nowhere: found no such file'],
    [['scan', '--config', 'no.yaml', 'x'], 'siaga scan: no.yaml: found no such file'],
    [['parse'], 'siaga parse: found no FILE, expected at least one (- is standard input)'],
    [['simulate', '--lines', '1e3'], 'siaga simulate: --lines: found "1e3", expected a whole number'],
    [['rules', 'check', 'nowhere'], 'siaga rules: nowhere: found no such folder'],
    [['parse', '\u001b[31mred'], String.raw`siaga parse: \u{1b}[31mred: found no such file`],
  ])('refuses %j with code 2', async (args, message) => {
    const { code, out, err } = await siaga(args);
    expect([code, out]).toEqual([2, '']);
    expect(err.startsWith(message), err).toBe(true);
  });

  it('ends quietly when nobody reads on', async () => {
    const child = spawn(process.execPath, [entry, 'simulate', '--lines', '1000000'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (bytes: Buffer) => void (err += bytes.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => void child.on('exit', resolve));
    expect([code, err]).toEqual([0, '']);
  });
});

describe('siaga parse', () => {
  it('prints one event a line, understood or not, without fields that nobody said', async () => {
    await write('a.log', `${failedLogin(1)}\nnonsense\r\n`);
    const { code, out } = await siaga(['parse', 'a.log']);
    expect(code).toBe(0);
    const [first, second, ...more] = objects(out);
    expect(more).toEqual([]);
    expect(first).toEqual({
      '@timestamp': '2026-11-23T05:00:01.000Z',
      'event.sequence': 1,
      'event.kind': 'event',
      'event.dataset': 'access',
      'event.category': 'web',
      'event.type': 'access',
      'event.outcome': 'failure',
      'event.original': failedLogin(1).trimEnd(),
      'siaga.source': 'a.log',
      'log.offset': 0,
      'source.ip': '203.0.113.9',
      'http.request.method': 'POST',
      'url.original': '/login',
      'url.path': '/login',
      'http.version': '1.1',
      'http.response.status_code': 401,
      'http.response.body.bytes': 12,
      'user_agent.original': 'Mozilla/5.0',
    });
    expect(second).toMatchObject({
      'event.kind': 'pipeline_error',
      'event.original': 'nonsense',
      'log.offset': failedLogin(1).length + 1,
    });
    expect(second).toHaveProperty(['error.message']);
  });

  it('marks a line that is no UTF-8, and lets no character act on a terminal', async () => {
    const { out } = await siaga(
      ['parse', '-'],
      Buffer.from('bad \xff \x9b2J \x1b[2J\nutf-8 \u009b \u202e\n', 'latin1'),
    );
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    const [first] = objects(out);
    expect(first).toMatchObject({
      'event.original': 'bad \xff \x9b2J \x1b[2J',
      'siaga.line.encoding': 'latin1',
    });
  });

  it('reads what it printed again, as ECS JSON', async () => {
    const { out } = await siaga(['parse', '-'], failedLogin(1));
    const [again] = objects((await siaga(['parse', '-', '--format', 'ecs-json'], out)).out);
    expect(again).toMatchObject({ '@timestamp': '2026-11-23T05:00:01.000Z', 'source.ip': '203.0.113.9' });
  });

  it('reads nothing when one file is missing', async () => {
    await write('there.log', failedLogin(1));
    const { code, out, err } = await siaga(['parse', 'there.log', 'missing.log']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('siaga parse: missing.log: found no such file\n');
  });
});

describe('siaga scan', () => {
  const detectionsOf = (out: string) => objects(out).filter((each) => 'id' in each);
  const summaryOf = (out: string) => objects(out).at(-1)?.['summary'];

  it('prints each detection once with its final figures, and last the summary', async () => {
    await write('attack.log', `nonsense\n${attack(0, 40)}`);
    const { code, out } = await siaga(['scan', 'attack.log', '--json']);
    expect(code).toBe(0);
    const [detection, ...more] = detectionsOf(out);
    expect(more).toEqual([]);
    expect(detection).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      rule: {
        id: expect.any(String) as unknown,
        title: 'Many failed logins from one address',
        level: 'medium',
        tags: expect.arrayContaining(['attack.credential-access']) as unknown,
      },
      key: { 'source.ip': '203.0.113.9' },
      first: '2026-11-23T05:00:00.000Z',
      last: '2026-11-23T05:00:39.000Z',
      count: 40,
    });
    expect(summaryOf(out)).toEqual({
      lines: 41,
      events: 40,
      rejected: 1,
      detections: 1,
      seconds: expect.any(Number) as unknown,
    });
  });

  it('merges several files by event time, compressed or not', async () => {
    const lines = attack(0, 40).trimEnd().split('\n');
    const every = (rest: number) => `${lines.filter((_, index) => index % 2 === rest).join('\n')}\n`;
    await write('even.log.gz', gzipSync(every(0)));
    await write('odd.log', every(1));
    await write('whole.log', attack(0, 40));
    const apart = await siaga(['scan', 'odd.log', 'even.log.gz', '--json']);
    const whole = await siaga(['scan', 'whole.log', '--json']);
    expect(detectionsOf(apart.out)).toEqual(detectionsOf(whole.out));
  });

  it('judges by own rules, with parties and trusted proxies of a configuration', async () => {
    await mkdir(join(folder, 'own'), { recursive: true });
    await write(
      'own/own.yml',
      'title: "Own \\e[31mrule"\nid: 8d5bb7e0-7a07-4d3f-9d9e-1b4d35c0a001\nstatus: test\nlevel: high\nlogsource: { category: webserver }\ndetection:\n  it: { cs-uri-stem: /own }\n  condition: it\n',
    );
    await writeRegister(folder);
    await write(
      'scan.yaml',
      'parties: parties.csv\nrules: [own]\nsources:\n  - { id: web, kind: file, path: own.log, logins: false }\n',
    );
    await write('own.log', `${failedLogin(1).replace('POST /login', 'GET /own')}${attack(2, 50)}`);
    const { out } = await siaga(['scan', 'own.log', '--config', 'scan.yaml', '--json']);
    expect(detectionsOf(out).map(({ rule }) => (rule as { title: string }).title)).toEqual([
      'Own \u001b[31mrule',
    ]);

    const table = await siaga(['scan', 'own.log', '--rules', 'own']);
    expect(table.out).toContain(String.raw`Own \u{1b}[31mrule`);
    expect(table.out).toMatch(
      /^medium .* 48 {2}Many failed logins from one address +source\.ip=203\.0\.113\.9$/m,
    );
    expect(table.out).toMatch(/^49 lines, 0 rejected lines, 2 detections in [\d.]+ s$/m);
    expect(table.err).toContain('no register of parties');
  });

  it('names a refused rule and goes on with the others', async () => {
    await mkdir(join(folder, 'bad'), { recursive: true });
    await write('bad/bad.yml', 'title: x\n');
    const { code, err } = await siaga(['scan', '-', '--rules', 'bad', '--json'], failedLogin(1));
    expect(code).toBe(0);
    expect(err).toMatch(/^siaga scan: .*bad\.yml:\d+:\d+: /m);
  });

  it('goes on with the other files when one breaks off, and ends with code 1', async () => {
    await write('cut.log.gz', gzipSync(attack(0, 40)).subarray(0, 60));
    await write('attack.log', attack(0, 40));
    const { code, out, err } = await siaga(['scan', 'cut.log.gz', 'attack.log', '--json']);
    expect(code).toBe(1);
    expect(err).toContain('siaga scan: cut.log.gz: unexpected end of file\n');
    expect(detectionsOf(out)).toHaveLength(1);
  });
});

describe('siaga simulate', () => {
  it('prints the same for the same options, and something else for another seed', async () => {
    const [one, same, other] = await Promise.all(
      ['7', '7', '8'].map((seed) => siaga(['simulate', '--lines', '500', '--seed', seed])),
    );
    expect(one?.out.trimEnd().split('\n')).toHaveLength(500);
    expect(same?.out).toBe(one?.out);
    expect(other?.out).not.toBe(one?.out);
  });

  it.each([['--demo'], ['--events']])('prints %s in lines that are understood', async (which) => {
    const { out } = await siaga(['simulate', '--lines', '300', '--start', '2026-12-01T00:00:00Z', which]);
    const events = objects((await siaga(['parse', '-'], out)).out);
    expect(events).toHaveLength(300);
    expect(events.every((event) => event['event.kind'] !== 'pipeline_error')).toBe(true);
    expect(String(events[0]?.['@timestamp'])).toMatch(/^2026-12-01T00:00:/);
  });
});

describe('siaga rules check', () => {
  it('says that the shipped rules load', async () => {
    const { code, out } = await siaga(['rules', 'check', join(projectRoot, 'server', 'detect', 'rules')]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^\d+ rules load, 0 refused\n$/)]);
  });

  it('names every problem with its place and ends with code 1', async () => {
    await mkdir(join(folder, 'mixed'), { recursive: true });
    await write('mixed/good.yml', await readFile(join(folder, 'own', 'own.yml')));
    await write(
      'mixed/bad.yml',
      'title: x\nlogsource: { category: webserver }\ndetection:\n  a: { cs-uri-stem: x }\n  condition: b\n',
    );
    const { code, out } = await siaga(['rules', 'check', 'mixed']);
    expect(code).toBe(1);
    expect(out).toMatch(/^mixed\/bad\.yml:5:\d+: condition: found "b"/);
    expect(out).toMatch(/^1 rules load, 1 refused$/m);
  });
});
