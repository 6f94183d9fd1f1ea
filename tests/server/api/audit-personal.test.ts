import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../../server/audit/verify-audit.ts';
import { createPseudonyms } from '../../../server/personal/pseudonyms.ts';
import { auditAnswerSchema, auditHeadSchema } from '../../../shared/api/audit.ts';
import { withheldText } from '../../../shared/event/personal-fields.ts';
import { addUser, signIn } from '../auth/support.ts';
import { openApi, type ApiDesk } from './support.ts';

let api: ApiDesk;
/** A lead and an analyst of an agency that sees nothing personal, and a lead of one that does. */
let lead: string;
let analyst: string;
let other: string;

async function userOf(agency: string, name: string, role: 'lead' | 'analyst'): Promise<string> {
  await addUser(api.desk.auth, name, role);
  await api.desk.auth.updateUser(name, { agency });
  return signIn(api.desk.auth, name);
}

beforeEach(async () => {
  api = await openApi();
  lead = await userOf('BRIN', 'ratna', 'lead');
  analyst = await userOf('BRIN', 'agus', 'analyst');
  other = await userOf('BSSN', 'budi', 'lead');
});
afterEach(() => api.close());

const list = async (cookie: string) =>
  auditAnswerSchema.parse((await api.ask('/api/audit', { cookie })).json).entries;
const address = '192.0.2.77';
const act = (agency: string, from = address) =>
  api.audit.note({
    actor: 'agus',
    agency,
    via: 'web',
    action: 'events:exported',
    address: from,
    detail: { query: 'source.ip=198.51.100.9' },
  });
const exportedOf = async (cookie: string) =>
  (await list(cookie)).filter(({ action }) => action === 'events:exported');

describe('who may see nothing personal', () => {
  test('sees in the place of an address what stands for it everywhere, and no detail', async () => {
    await act('BRIN');
    await act('BRIN', '::ffff:192.0.2.77');
    await act('BRIN', '');
    const rows = await exportedOf(lead);
    const pseudonym = createPseudonyms(Buffer.alloc(32, 7)).address(address);
    expect(rows.map((row) => row.address)).toEqual(['', pseudonym, pseudonym]);
    expect(rows.map(({ detail }) => detail)).toEqual([{}, {}, {}]);
    expect(JSON.stringify(rows)).not.toMatch(/192\.0\.2|198\.51\.100/);
  });

  test('sees no hash, of which an address could be guessed; the stored rows hold', async () => {
    await act('BRIN');
    expect((await list(lead)).map(({ hash }) => hash)).toContain(withheldText);
    expect((await list(lead)).every(({ hash }) => hash === withheldText)).toBe(true);
    const head = auditHeadSchema.parse((await api.ask('/api/audit/head', { cookie: lead })).json);
    expect(head.hash).toBe(withheldText);
    expect(head.seq).toBeGreaterThan(0);
    expect(await verifyAudit(api.desk.store.db)).toMatchObject({ ok: true });
  });
});

test('who may, sees the address, the detail and the hash', async () => {
  await act('BSSN');
  for (const cookie of [other, api.cookieOf('admin')]) {
    const [row] = await exportedOf(cookie);
    expect(row).toMatchObject({ address, detail: { query: 'source.ip=198.51.100.9' } });
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/);
  }
});

describe('a refusal because of personal data', () => {
  const range = 'from=0&to=2000';
  const refusals = async () =>
    (await list(api.cookieOf('admin'))).filter(({ action }) => action === 'request:refused');
  const ask = async (path: string) => {
    const answer = await api.ask(path, { cookie: analyst });
    expect(answer.json).toMatchObject({ error: { code: 'personal-data' } });
  };

  test.each([
    ['/api/events', `?${range}&filter=source.ip:192.0.2.1`],
    ['/api/events', `?${range}&text=operator`],
    ['/api/events/histogram', `?${range}&filter=user.name:operator01`],
    ['/api/events/top', `?${range}&field=event.original`],
    ['/api/events/export', `?${range}&format=csv&filter=source.ip:192.0.2.1`],
  ])('is noted, without what was looked for: %s%s', async (path, query) => {
    await ask(`${path}${query}`);
    const rows = await refusals();
    expect(rows).toMatchObject([
      {
        actor: 'agus',
        agency: 'BRIN',
        via: 'web',
        outcome: 'refused',
        target: `GET ${path}`,
        detail: { code: 'personal-data' },
      },
    ]);
    expect(JSON.stringify(rows[0])).not.toMatch(/192\.0\.2\.1|operator/);
  });

  test('is counted when it comes again and again', async () => {
    for (let index = 0; index < 20; index += 1)
      await ask(`/api/events?${range}&filter=source.ip:192.0.2.${index}`);
    expect(await refusals()).toHaveLength(1);
    expect(api.trail.notes.counts().leftOut).toBe(19);
  });

  test('is noted beside another refusal', async () => {
    await api.ask('/api/users', { cookie: analyst });
    await ask(`/api/events?${range}&filter=source.ip:192.0.2.1`);
    expect((await refusals()).map(({ detail }) => detail['code'])).toEqual(['personal-data', 'forbidden']);
  });
});
