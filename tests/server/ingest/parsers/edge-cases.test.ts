import { describe, expect, it } from 'vitest';
import { emptyEvent } from '../../../../shared/event/empty-event.ts';
import { createZone } from '../../../../server/config/zone.ts';
import { peerAddress } from '../../../../server/ingest/parsers/address.ts';
import { durationWithUnits, nginxDuration } from '../../../../server/ingest/parsers/duration.ts';
import { createLineParser } from '../../../../server/ingest/parsers/line-parser.ts';
import { createSyslogParser } from '../../../../server/ingest/parsers/syslog.ts';
import { yearlessAheadMs } from '../../../../server/ingest/parsers/syslog-head.ts';

describe('the address of a peer', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:443', '203.0.113.9'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:443', '2001:db8::7'],
    ['::ffff:203.0.113.9', '::ffff:203.0.113.9'],
    ['2001:db8:0:0:0:0:0:7:443', '2001:db8:0:0:0:0:0:7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%eth0]:80', 'fe80::1'],
    ['-', null],
    ['', null],
    ['unix:', null],
    ['unix:/run/a.sock', null],
  ])('of %j is %j', (text, address) => {
    expect(peerAddress(text)).toBe(address);
  });

  it.each(['203.0.113.999', 'sipol.example', '203.0.113.9:', '[203.0.113.9', ':443', '1:2', '1'.repeat(90)])(
    '%j is none',
    (text) => {
      expect(peerAddress(text)).toBeUndefined();
    },
  );
});

describe('a duration', () => {
  it.each([
    ['0.012', 12_000_000],
    ['0', 0],
    ['0.010, 0.002', 12_000_000],
    ['0.010 : -, 0.002', 12_000_000],
    ['-', null],
    ['', null],
    ['abc', null],
    ['-1', null],
    ['1e9', null],
  ])('of nginx, %j, is %j ns', (text, wanted) => {
    expect(nginxDuration(text)).toBe(wanted);
  });

  it.each([
    ['12ms', 12_000_000],
    ['1m2.5s', 62_500_000_000],
    ['350µs', 350_000],
    ['12', null],
    ['ms', null],
    ['1y', null],
  ])('with units, %j, is %j ns', (text, wanted) => {
    expect(durationWithUnits(text)).toBe(wanted);
  });
});

describe('invalid UTF-8, one character a byte', () => {
  it('comes through every format as it stands', () => {
    const bytes = 'caf\u00e9\u0080\u00ff';
    const lines = [
      `203.0.113.9 - - [23/Nov/2026:13:52:04 +0700] "GET /${bytes} HTTP/1.1" 200 1 "-" "${bytes}"`,
      `{"ts":1795416724,"request":"GET /${bytes} HTTP/1.1","status":200,"http_user_agent":"${bytes}"}`,
      `<190>Nov 23 06:52:04 web1 nginx: 203.0.113.9 - - [23/Nov/2026:13:52:04 +0700] "GET /${bytes} HTTP/1.1" 200 1 "-" "${bytes}"`,
    ];
    for (const line of lines)
      expect(createLineParser('auto')(line)).toMatchObject({
        'url.path': `/${bytes}`,
        'user_agent.original': bytes,
      });
  });
});

describe('a time without a year', () => {
  const time = (text: string, receivedAt: number, zone = 'UTC') =>
    createLineParser('syslog', { zone })(`<13>${text} host tag: x`, receivedAt)['@timestamp'];
  const received = Date.parse('2027-01-01T00:10:00Z');

  it.each([
    ['Dec 31 23:59:59', '2026-12-31T23:59:59Z'],
    ['Jan  1 00:09:00', '2027-01-01T00:09:00Z'],
    ['Jan  2 00:10:00', '2027-01-02T00:10:00Z'],
    ['Jan  2 00:10:01', '2026-01-02T00:10:01Z'],
    ['Feb 29 12:00:00', '2024-02-29T12:00:00Z'],
  ])('%s is the last one not more than a day after the arrival: %s', (text, iso) => {
    expect(time(text, received)).toBe(Date.parse(iso));
    expect(yearlessAheadMs).toBe(86_400_000);
  });

  it('is of the zone of its source', () => {
    expect(time('Jan  1 07:09:00', received, 'Asia/Jakarta')).toBe(Date.parse('2027-01-01T00:09:00Z'));
  });

  it('is none where nobody knows when it arrived, or there is no such day', () => {
    expect(time('Jan  1 07:09:00', 0)).toBe(0);
    expect(createLineParser('syslog')('<13>Feb 30 00:00:00 h t: x', received)['event.dataset']).toBe(
      'unparsed',
    );
  });
});

describe('syslog', () => {
  it('hands the message to the format that it was made with', () => {
    const parse = createLineParser('syslog', { inner: 'common' });
    const head = '<190>Nov 23 06:52:04 web1 nginx: ';
    const line = '203.0.113.9 - - [23/Nov/2026:13:52:04 +0700] "GET / HTTP/1.1" 200 1';
    expect(parse(head + line)['event.dataset']).toBe('access');
    expect(parse(`${head}${line} "-" "-"`)).toMatchObject({
      'event.dataset': 'log',
      message: `${line} "-" "-"`,
      'host.name': 'web1',
    });
  });

  it('gives what the message says itself precedence over the head', () => {
    const read = createSyslogParser((text) => ({
      ...emptyEvent(),
      'event.dataset': 'error',
      'log.level': 'crit',
      'process.pid': 7,
      '@timestamp': 5,
      message: text,
    }));
    const context = { receivedAt: 0, zone: createZone('UTC') ?? expect.fail(), fields: [] };
    expect(read('<13>1 2026-11-23T06:52:04Z h p 8 c - \uFEFFhello', context)).toMatchObject({
      message: 'hello',
      'log.level': 'crit',
      'process.pid': 7,
      '@timestamp': 5,
      'log.syslog.priority': 13,
      'event.code': 'c',
    });
  });

  it.each([
    '<192>Nov 23 06:52:04 h t: x',
    '<13>',
    '<13>1 2026-11-23T06:52:04Z h p 8 c',
    '<13>1 2026-11-23T06:52:04Z h p 8 c no data',
    '<13>1 2026-11-23T06:52:04Z h p 8 c [open a="]" x',
    '<13>1 yesterday h p 8 c - x',
    '<13>Nov 23 06:52:04 h t:',
    '<13>Nov 23 06:52:04 h t[8]',
  ])('refuses %j', (line) => {
    expect(createLineParser('syslog')(line)).toMatchObject({ 'event.dataset': 'unparsed' });
  });
});

describe('a mapping of fields', () => {
  const parse = createLineParser('nginx-json', {
    zone: '+07:00',
    fields: [
      ['@timestamp', 'when'],
      ['source.ip', 'client.addr'],
      ['url.original', 'req'],
      ['event.duration', 'took'],
      ['organization.id', 'party'],
      ['http.response.status_code', 'code'],
    ],
  });
  const object = {
    when: '2026-11-23 13:52:04.5',
    client: { addr: '[2001:db8::7]:443' },
    req: 'GET /a?b HTTP/2.0',
    took: 0.25,
    party: 'P07',
    code: '404',
  };

  it('finds fields by keys of the source, beside those that nginx names', () => {
    expect(parse(JSON.stringify({ ...object, remote_user: 'sari', 'client.addr': '-' }))).toMatchObject({
      'source.ip': null,
    });
    expect(parse(JSON.stringify({ ...object, remote_user: 'sari' }))).toMatchObject({
      '@timestamp': Date.parse('2026-11-23T06:52:04.500Z'),
      'source.ip': '2001:db8::7',
      'http.request.method': 'GET',
      'url.path': '/a',
      'http.version': '2.0',
      'event.duration': 250_000_000,
      'organization.id': 'P07',
      'http.response.status_code': 404,
      'user.name': 'sari',
    });
  });

  it.each([
    [{ when: 'yesterday' }, 'when: expected what @timestamp takes'],
    [{ client: { addr: 'nobody' } }, 'client.addr: expected what source.ip takes'],
    [{ code: 4_040 }, 'code: expected what http.response.status_code takes'],
    [{ party: ['P07'] }, 'party: expected what organization.id takes'],
    [{ took: true }, 'took: expected what event.duration takes'],
  ])('refuses %j, and names the key', (wrong, problem) => {
    expect(parse(JSON.stringify({ ...object, ...wrong }))['error.message']).toBe(`nginx-json: ${problem}`);
  });
});
