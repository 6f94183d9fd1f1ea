import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../server/detect/engine.ts';
import { loadRules, shippedRulesDir } from '../../../server/detect/load-rules.ts';
import type { FromPipeline, PipelineSetup } from '../../../server/pipeline/messages.ts';
import { createPipeline } from '../../../server/pipeline/pipeline.ts';

const noon = Date.parse('2026-11-23T05:00:00Z');
const logins = { method: 'POST', paths: ['/login'], success: [302], failure: [401], blocked: [429] };
const setup: PipelineSetup = {
  sources: [
    { id: 'web', format: 'auto', logins, trustedProxies: [] },
    { id: 'sipol', format: 'ecs-json', logins: null, trustedProxies: [] },
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
    });
  };
  const rows = () => of('batch').flatMap(({ tsv }) => Buffer.from(tsv).toString().trimEnd().split('\n'));
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
    expect(of('batch').flatMap(({ done }) => done)).toEqual([{ id: 1, received: 3, unparsed: 2 }]);
  });

  it('numbers lines on from the newest stored', () => {
    const { pipeline, feed, rows } = start();
    feed('web', 'a\nb\n');
    pipeline.flush();
    expect(rows().map((row) => row.split('\t')[2])).toEqual(['42', '43']);
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

  it('never mixes two days of arrival in one insert, since a batch must be one part of the store', () => {
    const { pipeline, feed, of } = start();
    const midnight = Date.parse('2026-11-24T00:00:00Z');
    feed('web', 'a\n', midnight - 1);
    feed('web', 'b\n', midnight);
    pipeline.flush();
    expect(of('batch').map(({ rows }) => rows)).toEqual([1, 1]);
  });

  it('keeps the head of a line that is too long, and says how long it was', () => {
    const { pipeline, feed, rows } = start();
    feed('web', `${'x'.repeat(70_000)}\n`);
    pipeline.flush();
    expect(rows()[0]).toContain('line of 70000 bytes: only the first 65536 are kept');
  });
});
