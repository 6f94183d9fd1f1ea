import { eventsIn } from '../store/events/events-in.ts';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../server/detect/engine.ts';
import { loadRules, shippedRulesDir } from '../../../server/detect/load-rules.ts';
import type { FromPipeline, PipelineSetup } from '../../../server/pipeline/messages.ts';
import { createPipeline } from '../../../server/pipeline/pipeline.ts';

const noon = Date.parse('2026-11-23T05:00:00Z');
const logins = { method: 'POST', paths: ['/login'], success: [302], failure: [401], blocked: [429] };
const setup: PipelineSetup = {
  sources: [
    { id: 'web', kind: 'file', format: 'auto', logins, trustedProxies: [] },
    { id: 'sipol', kind: 'http', format: 'ecs-json', logins: null, trustedProxies: [] },
    {
      id: 'json',
      kind: 'file',
      format: 'nginx-json',
      zone: 'Asia/Jakarta',
      fields: [['source.ip', 'client.addr']],
      logins,
      trustedProxies: [],
    },
    { id: 'syslog', kind: 'syslog', format: 'auto', zone: 'Asia/Jakarta', logins, trustedProxies: [] },
  ],
  parties: [
    { id: 'P07', name: 'Partai Nasional 07', kind: 'national', number: 7, expectedSince: '2026-08-01' },
  ],
  geo: { country: { kind: 'none' }, network: { kind: 'none' } },
  ruleDirs: [],
  signalAlertScore: 70,
  accounts: [],
  lastSequence: 41,
};

function start() {
  const sent: FromPipeline[] = [];
  const { rules } = loadRules([shippedRulesDir]);
  const pipeline = createPipeline({
    setup,
    engine: createEngine({ rules }),
    lookUp: () => ({ country: null, network: null }),
    send: (message) => void sent.push(message),
  });
  const of = <K extends FromPipeline['kind']>(kind: K) =>
    sent.filter((message): message is Extract<FromPipeline, { kind: K }> => message.kind === kind);
  let id = 0;
  const feed = (source: string, text: string, receivedAt = noon) => {
    id += 1;
    pipeline.chunk({
      kind: 'chunk',
      id,
      origin: { source, file: null },
      receivedAt,
      bytes: new Uint8Array(Buffer.from(text)),
      long: null,
    });
  };
  const rows = () => of('batch').flatMap(({ batch }) => eventsIn(batch));
  return { pipeline, of, feed, rows };
}

const failedLogin = (second: number, address = '203.0.113.9') =>
  `${address} - - [23/Nov/2026:12:00:${String(second).padStart(2, '0')} +0700] "POST /login HTTP/1.1" 401 12 "-" "Mozilla/5.0"\n`;

describe('the pipeline', () => {
  it('stores every line as one row, understood or not, and says so to the chunk', () => {
    const { pipeline, feed, of, rows } = start();
    feed('web', `${failedLogin(1)}garbage\n\nmore garbage`);
    pipeline.flush();
    expect(rows()).toHaveLength(3);
    expect(of('batch').flatMap(({ done }) => done)).toMatchObject([
      { id: 1, received: 3, unparsed: 2, sequence: 44, unparsedLines: [{ line: 2 }, { line: 3 }] },
    ]);
  });

  it('stores history with its mark, and neither judges nor counts it, nor learns from it', () => {
    const { pipeline, feed, of, rows } = start();
    pipeline.addHistory({ id: 'import', kind: 'file', format: 'auto', logins, trustedProxies: [] });
    const proof = JSON.stringify({
      '@timestamp': '2026-11-23T04:59:00Z',
      'event.action': 'user-login',
      'event.outcome': 'success',
      'user.name': 'operator07',
      'organization.id': 'P07',
    });
    feed(
      'import',
      Array.from({ length: 59 }, (_value, second) => failedLogin(second)).join(''),
      noon + 60_000,
    );
    feed('import', `${proof}\n`, noon + 60_000);
    feed('sipol', `${proof.replace('"organization.id":"P07"', '"event.reason":"x"')}\n`, noon);
    pipeline.tick(noon + 61_000);
    pipeline.flush();
    expect(of('detections')).toEqual([]);
    expect(of('second')[0]?.second).toMatchObject({ events: 1, logins: { success: 1, failure: 0 } });
    expect(rows().filter((row) => row['siaga.history'] === 'import')).toHaveLength(60);
    expect(JSON.stringify(rows().at(-1))).not.toContain('P07');
    const [history] = of('batch').flatMap(({ done }) => done);
    expect(history).toMatchObject({ received: 59, late: 0, newest: null });
  });

  it('reads lines as their source says: by its fields, in its zone, in the year of their arrival', () => {
    const { pipeline, feed, rows } = start();
    feed(
      'json',
      '{"time":"2026-11-23T12:00:01","client":{"addr":"203.0.113.9"},"uri":"/login","status":200}\n',
    );
    feed('syslog', '<13>Nov 23 12:00:02 web1 sshd[42]: hello\n');
    pipeline.flush();
    expect(rows()).toMatchObject([
      { '@timestamp': 1_795_410_001_000, 'event.dataset': 'access', 'source.ip': '203.0.113.9' },
      { '@timestamp': 1_795_410_002_000, 'event.dataset': 'log', message: 'hello' },
    ]);
  });

  it('numbers lines on from the newest stored', () => {
    const { pipeline, feed, rows } = start();
    feed('web', 'a\nb\n');
    pipeline.flush();
    expect(rows().map((row) => row['event.sequence'])).toEqual([42, 43]);
  });

  it('reports a detection with the chunk that completes it, not with the next second', () => {
    const { feed, of } = start();
    feed('web', Array.from({ length: 25 }, (_, second) => failedLogin(second)).join(''));
    const detections = of('detections').flatMap((message) => message.detections);
    expect(detections.some(({ key }) => key['source.ip'] === '203.0.113.9')).toBe(true);
  });

  it('counts a second and begins anew', () => {
    const { pipeline, feed, of } = start();
    feed(
      'web',
      `${failedLogin(1)}${failedLogin(2).replace(' 401 ', ' 429 ')}${failedLogin(3).replace(' 401 ', ' 302 ')}garbage\n`,
    );
    feed(
      'sipol',
      '{"@timestamp":"2026-11-23T05:00:00Z","event.action":"user-login","event.outcome":"success","user.name":"operator07","organization.id":"P07"}\n',
    );
    pipeline.tick(noon + 1_000);
    pipeline.tick(noon + 2_000);
    const [first, second] = of('second').map((message) => message.second);
    expect(first).toMatchObject({
      events: 5,
      unparsed: 1,
      logins: { success: 2, failure: 1, blocked: 1 },
      parties: [['P07', 1, 0, 0]],
      topFailures: [['203.0.113.9', 2]],
      accounts: [{ party: 'P07', user: 'operator07', action: 'user-login' }],
    });
    expect(second).toMatchObject({
      events: 0,
      logins: { success: 0, failure: 0, blocked: 0 },
      topFailures: [['203.0.113.9', 2]],
    });
  });

  it('rebuilds its windows from what was stored, stores nothing of it again, and gives the same detection the same id', () => {
    const text = Array.from({ length: 25 }, (_, second) => failedLogin(second)).join('');
    const before = start();
    before.feed('web', text);
    const first = before.of('detections').flatMap((message) => message.detections);

    const after = start();
    after.pipeline.replay(
      Array.from({ length: 25 }, (_, second) => ({
        '@timestamp': noon + second * 1_000,
        'event.ingested': noon,
        'event.sequence': second,
        'event.kind': 'event',
        'event.dataset': 'access',
        'event.category': 'authentication',
        'event.action': 'user-login',
        'event.outcome': 'failure',
        'event.type': 'start',
        'source.ip': '203.0.113.9',
        'http.response.status_code': 401,
      })),
    );
    after.pipeline.flush();
    expect(after.rows()).toEqual([]);
    expect(after.of('detections').flatMap((message) => message.detections.map(({ id }) => id))).toEqual(
      first.map(({ id }) => id),
    );
  });

  it('tells of the accounts in what it reads back, as it told of them the first time', () => {
    const events = [
      '{"@timestamp":"2026-11-23T04:59:00Z","event.action":"user-login","event.outcome":"success","user.name":"operator07","organization.id":"P07","source.ip":"203.0.113.9"}',
      '{"@timestamp":"2026-11-23T04:59:30Z","event.action":"user-login","event.outcome":"failure","user.name":"operator07","organization.id":"P07"}',
      '{"@timestamp":"2026-11-23T04:59:40Z","event.action":"account-locked","event.outcome":"success","user.name":"admin07","user.target.name":"operator07","organization.id":"P07"}',
    ];
    const live = start();
    live.feed('sipol', events.join('\n'));
    live.pipeline.tick(noon + 1_000);
    const again = start();
    again.pipeline.replay(
      events.map((text) => ({
        'event.kind': 'event',
        'event.dataset': 'account',
        'event.ingested': noon,
        ...(JSON.parse(text) as Record<string, string>),
        '@timestamp': Date.parse((JSON.parse(text) as Record<string, string>)['@timestamp'] ?? ''),
      })),
    );
    const [second] = live.of('second');
    const [heard] = again.of('accounts');
    expect(heard?.heard.accounts).toEqual(second?.second.accounts);
    expect(heard?.heard.accounts).toHaveLength(2);
    expect(heard?.heard.accountFailures).toEqual([['P07', 'operator07', noon, 1]]);
    again.pipeline.tick(noon + 1_000);
    expect(again.of('second')[0]?.second.accounts).toEqual([]);
  });

  it('never mixes two days of arrival in one insert, since a batch must be one part of the store', () => {
    const { pipeline, feed, of } = start();
    const midnight = Date.parse('2026-11-24T00:00:00Z');
    feed('web', 'a\n', midnight - 1);
    feed('web', 'b\n', midnight);
    pipeline.flush();
    expect(of('batch').map(({ batch }) => batch.ends.length)).toEqual([1, 1]);
  });

  it('keeps the head of a line that is too long, and says how long it was', () => {
    const { pipeline, feed, rows } = start();
    feed('web', `${'x'.repeat(70_000)}\n`);
    pipeline.flush();
    expect(rows()[0]?.['error.message']).toBe('line of 70000 bytes: only the first 65536 are kept');
  });
});
