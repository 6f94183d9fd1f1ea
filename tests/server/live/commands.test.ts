import { describe, expect, it, test } from 'vitest';
import { runCommand, type CommandHandlers } from '../../../server/live/commands.ts';
import type { LiveIdentity } from '../../../server/live/live-server.ts';
import { grantsOfRole, grantsOfToken, grantsOfWall, type Grants } from '../../../shared/authority.ts';
import { commandNames, commandPolicies, factPolicies } from '../../../shared/live/events.ts';
import type { ClientToServer } from '../../../shared/live/protocol.ts';
import { roles } from '../../../shared/role.ts';

const bodies: { readonly [E in keyof ClientToServer]: Parameters<ClientToServer[E]>[0] } = {
  'live:subscribe': { frameSeq: null, alertCursor: null },
  'frames:resync': { after: 0 },
};

const who: Readonly<Record<string, Grants | 'nobody' | 'due'>> = {
  nobody: 'nobody',
  'who owes a password': 'due',
  ...grantsOfRole,
  wall: grantsOfWall,
  'a token of nothing': grantsOfToken([], grantsOfRole.admin),
  'a token that reads events': grantsOfToken(['events:read'], grantsOfRole.admin),
  'a token that reads the live feed': grantsOfToken(['live:read'], grantsOfRole.viewer),
};

function identityOf(asker: string): LiveIdentity | null {
  const grants = who[asker];
  if (grants === undefined || grants === 'nobody') return null;
  if (grants === 'due') return { sessionKey: 'k', user: 'u', due: 'password', grants: grantsOfRole.admin };
  return { sessionKey: 'k', user: 'u', due: null, grants };
}

/** What a message came to, whether its handler was called, and what it was answered. */
async function run(packet: readonly unknown[], asker: string) {
  let called = 0;
  let answer: unknown;
  const handler = (): never => {
    called += 1;
    throw new Error('the handler ran');
  };
  const handlers: CommandHandlers = { 'live:subscribe': handler, 'frames:resync': handler };
  const tell = (result: unknown): void => void (answer = result);
  const outcome = await runCommand(
    { packet: [...packet, tell], identity: identityOf(asker) },
    handlers,
    () => undefined,
  );
  return { outcome, called, answer };
}

describe('the table of socket events', () => {
  test('lets through whom it should: a change here is a change of who may hear and do what', () => {
    expect(Object.entries(commandPolicies).map(([name, { permission }]) => `${name}: ${permission}`)).toEqual(
      ['live:subscribe: live:read', 'frames:resync: live:read'],
    );
    expect(
      Object.entries(factPolicies).map(
        ([name, { permission, volatile }]) => `${name}: ${permission} ${volatile}`,
      ),
    ).toEqual([
      'frame:sent: live:read true',
      'alerts:changed: alerts:read false',
      'session:ended: null false',
    ]);
  });

  const cases = commandNames.flatMap((name) => Object.keys(who).map((asker) => ({ name, asker })));
  test.each(cases)('S-22: $name of $asker', async ({ name, asker }) => {
    const identity = identityOf(asker);
    const may =
      identity !== null &&
      identity.due === null &&
      identity.grants[commandPolicies[name].permission] !== undefined;
    const { called, answer } = await run([name, bodies[name]], asker);
    expect(called).toBe(may ? 1 : 0);
    const code = may ? 'unavailable' : identity === null ? 'unauthenticated' : 'forbidden';
    expect(answer).toMatchObject({ error: { code } });
  });

  test.each(commandNames)('%s takes no other body than its own, of anybody', async (name) => {
    for (const body of [
      null,
      undefined,
      1,
      'x',
      [],
      {},
      { after: '1' },
      { after: 1.5 },
      { frameSeq: 1 },
      JSON.parse('{"__proto__":{"after":1}}') as unknown,
    ])
      for (const role of roles) {
        const { called, answer } = await run([name, body], role);
        expect(called).toBe(0);
        expect(answer).toMatchObject({ error: { code: 'bad-request' } });
      }
  });

  it.each([
    [['__proto__', {}]],
    [['constructor', {}]],
    [['error', new Error('x')]],
    [['newListener', {}]],
    [['disconnecting', {}]],
    [['frame:sent', {}]],
    [['live:subscribe']],
    [['live:subscribe', bodies['live:subscribe'], 1]],
    [[{ toString: () => 'live:subscribe' }, {}]],
    [[1]],
    [[]],
  ])('what is no command is none, whatever it is called: %j', async (packet) => {
    expect(await run(packet, 'admin')).toEqual({ outcome: 'unknown', called: 0, answer: undefined });
  });
});
