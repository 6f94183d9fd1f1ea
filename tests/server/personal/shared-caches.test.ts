import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyTable } from '../../../server/api/routes.ts';
import type { Role } from '../../../shared/role.ts';
import type { Answer } from '../api/support.ts';
import { sentBack } from '../auth/support.ts';
import { leaks, openCanaries, type CanaryDesk } from './canaries.ts';

/** Who asks the same of one server, one after another and at once. */
const people = {
  clear: { name: 'kania', role: 'analyst', agency: 'KPU' },
  masked: { name: 'brina', role: 'analyst', agency: 'BRIN' },
  lead: { name: 'kirana', role: 'lead', agency: 'KPU' },
  otherLead: { name: 'bayu', role: 'lead', agency: 'BSSN' },
} as const satisfies Record<string, { name: string; role: Role; agency: string }>;
type Who = keyof typeof people;

interface Desk {
  readonly api: CanaryDesk;
  readonly ask: (who: Who, path: string) => Promise<Answer>;
}

async function cookieOf({ desk: { auth } }: CanaryDesk, who: Who): Promise<string> {
  const user = people[who];
  const from = { address: '192.0.2.1', userAgent: `browser of ${user.agency}` };
  const created = await auth.createUser(user);
  if (!created.ok) throw new Error(created.message);
  const once = created.value.oneTimePassword;
  const signedIn = await auth.signIn({ name: user.name, password: once, ...from, cookieHeader: undefined });
  const identity = signedIn.ok ? auth.identify({ cookie: sentBack(signedIn.value.cookie) }) : null;
  if (!identity) throw new Error('not signed in');
  const changed = await auth.changePassword(
    identity,
    { current: once, next: 'kunci-yang-panjang-2026' },
    from,
  );
  if (!changed.ok) throw new Error(changed.message);
  return sentBack(changed.value.cookie);
}

async function openDesk(): Promise<Desk> {
  const api = await openCanaries();
  const cookies = new Map<Who, string>();
  for (const who of Object.keys(people) as Who[]) cookies.set(who, await cookieOf(api, who));
  for (const { agency, name } of [people.lead, people.otherLead])
    await api.audit.note({
      actor: name,
      agency,
      via: 'web',
      action: 'import:begun',
      target: `act-of-${agency.toLowerCase()}:done`,
    });
  return { api, ask: (who, path) => api.ask(path, { cookie: cookies.get(who) }) };
}

const leaksIn = ({ text }: Answer): string[] => leaks.filter((leak) => text.toLowerCase().includes(leak));

const reads = policyTable
  .filter(({ method, access }) => method === 'GET' && access !== 'token' && access !== 'shell')
  .map(({ path }) => path);

/** Routes whose answers differ between who sees personal data and who doesn't. */
const tellingPersonal = [
  '/api/alerts',
  '/api/alerts/:id',
  '/api/events',
  '/api/events/export',
  '/api/events/top',
  '/api/ledger',
  '/api/parties',
  '/api/parties/:id',
];

// Each on a server of its own, which has kept nothing yet.
describe.each([
  ['who sees all', 'clear', 'lead'],
  ['who sees less', 'masked', 'otherLead'],
] as const)('S-41: the same question of two agencies, %s first', (_who, firstReader, firstLead) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  }, 60_000);
  afterAll(() => desk.api.close());

  /** What two people are answered one after the other, again, and at once. */
  async function answersTo(path: string, [one, other]: readonly [Who, Who]) {
    const heard = new Map<Who, Answer[]>([
      [one, []],
      [other, []],
    ]);
    const turn = async (who: Who) => heard.get(who)?.push(await desk.ask(who, path));
    for (const who of [one, other, one, other]) await turn(who);
    await Promise.all([one, other].map(turn));
    return (who: Who): Answer[] => heard.get(who) ?? [];
  }

  const toldInClear = new Set<string>();
  it.each(reads)('GET %s is answered to each as to nobody else', async (route) => {
    const order = firstReader === 'clear' ? (['clear', 'masked'] as const) : (['masked', 'clear'] as const);
    for (const path of desk.api.reads[route] ?? []) {
      const answers = await answersTo(path, order);
      expect(answers('masked').flatMap(leaksIn), path).toEqual([]);
      const seen = answers('clear').map((answer) => leaksIn(answer).join());
      expect(new Set(seen).size, path).toBe(1);
      if (seen[0] !== '') toldInClear.add(route);
      for (const { headers } of [...answers('clear'), ...answers('masked')])
        expect([headers['cache-control'], headers.etag], path).toEqual(['no-store', undefined]);
    }
  });

  it('was asked where there is a difference to see', () => {
    expect([...toldInClear].toSorted()).toEqual(tellingPersonal);
  });

  it.each([
    ['/api/users', /"agency":"([A-Z]+)"/g],
    ['/api/audit', /act-of-([a-z]+):done/g],
  ])('GET %s tells each lead of the own agency only', async (path, agencies) => {
    const order = firstLead === 'lead' ? (['lead', 'otherLead'] as const) : (['otherLead', 'lead'] as const);
    const answers = await answersTo(path, order);
    const toldTo = (who: Who): Set<string> =>
      new Set(
        answers(who).map(({ text }) =>
          [...new Set([...text.matchAll(agencies)].map(([, agency]) => agency?.toUpperCase()))].join(),
        ),
      );
    expect(toldTo('lead')).toEqual(new Set(['KPU']));
    expect(toldTo('otherLead')).toEqual(new Set(['BSSN']));
  });
});
