import { describe, expect, it } from 'vitest';
import { accountActions } from '../../../shared/event/fields.ts';
import { placeholderAccounts, placeholderParties } from '../../../server/config/placeholder-parties.ts';
import { createSimulator } from '../../../server/simulate/simulator.ts';
import { readEvents, readLine, simulate, startMs, timeOf } from './simulated.ts';

const allowed = [
  /^192\.0\.2\.\d+$/,
  /^198\.51\.100\.\d+$/,
  /^203\.0\.113\.\d+$/,
  /^198\.1[89]\.\d+\.\d+$/,
  /^2001:db8:[0-9a-f:]+$/,
];

const tenMinutes = simulate(10);
const events = readEvents(tenMinutes.events);
const logins = events.filter((event) => event['event.action'] === 'user-login');

describe('the simulator', () => {
  it('gives the same lines for the same seed, however the ticks fall', () => {
    const other = simulate(2, 7, 1_000);
    expect(simulate(2, 7)).toEqual(other);
    expect(simulate(2, 8).accessLines).not.toEqual(other.accessLines);
  });

  it('gives lines in order of time, in the combined format, of the present', () => {
    const times = tenMinutes.accessLines.map((line) => readLine(line).at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(startMs);
    expect(times.at(-1)).toBeLessThanOrEqual(startMs + 600_000);
    const eventTimes = events.map(timeOf);
    expect(eventTimes).toEqual(eventTimes.toSorted((a, b) => a - b));
  });

  it('uses only addresses of documentation and test ranges', () => {
    const addresses = new Set([
      ...tenMinutes.accessLines.map((line) => readLine(line).address),
      ...events.map((event) => String(event['source.ip'])),
    ]);
    expect([...addresses].filter((address) => !allowed.some((range) => range.test(address)))).toEqual([]);
  });

  it('has 20 to 40 lines a second by day, fewer by night', () => {
    const perSecond = tenMinutes.accessLines.length / 600;
    expect(perSecond).toBeGreaterThan(20);
    expect(perSecond).toBeLessThan(40);
    const night = createSimulator({
      seed: 1,
      parties: placeholderParties,
      startMs: startMs + 16 * 3_600_000,
    });
    let lines = 0;
    for (let second = 0; second <= 600; second += 1)
      lines += night.tick(startMs + 16 * 3_600_000 + second * 1_000).accessLines.length;
    expect(lines / 600).toBeLessThan(perSecond * 0.8);
    expect(lines / 600).toBeGreaterThan(5);
  });

  it('has people who mistype now and then', () => {
    const office = logins.filter((event) =>
      event['user_agent.original']?.toString().startsWith('Mozilla/5.0'),
    );
    const failed = office.filter((event) => event['event.outcome'] === 'failure');
    expect(failed.length / office.length).toBeGreaterThan(0.04);
    expect(failed.length / office.length).toBeLessThan(0.1);
  });

  it('has every party sign in within 25 s, but for one Aceh party that comes after some minutes', () => {
    const first = new Map<string, number>();
    for (const login of logins) {
      const party = String(login['organization.id']);
      if (login['event.outcome'] === 'success' && !first.has(party))
        first.set(party, timeOf(login) - startMs);
    }
    const late = placeholderParties.filter(({ id }) => (first.get(id) ?? 0) > 25_000);
    expect(placeholderParties.every(({ id }) => first.has(id))).toBe(true);
    expect(late).toHaveLength(1);
    expect(late[0]?.kind).toBe('aceh');
    expect(first.get(late[0]?.id ?? '')).toBeGreaterThan(180_000);
    expect(first.get(late[0]?.id ?? '')).toBeLessThan(360_000);
  });

  it('says nothing of the late party before it comes', () => {
    const late = readEvents(simulate(3.9).events).map((event) => event['organization.id']);
    expect(new Set(late.filter((id) => id !== undefined)).size).toBe(44);
  });

  it('has the same accounts with every seed, 2 to 6 a party and a few new ones', () => {
    const namesOf = (seed: number) =>
      new Set(
        readEvents(simulate(10, seed).events)
          .filter((event) => event['event.action'] === 'user-login' && event['event.outcome'] === 'success')
          .map((event) => String(event['user.name'])),
      );
    const [one, two] = [namesOf(1), namesOf(2)];
    expect([...two].filter((name) => !one.has(name))).toEqual([]);
    expect(one.size).toBeGreaterThan(90);
    expect(one.size).toBeLessThanOrEqual(45 * 6);
  });

  it('has exactly the accounts that its registers declare, but for one now and then that is found', () => {
    const declared = new Set(placeholderAccounts.map(({ party, user }) => `${party} ${user}`));
    for (const { id, accounts } of placeholderParties)
      expect(placeholderAccounts.filter(({ party }) => party === id)).toHaveLength(accounts ?? 0);
    const hour = readEvents(simulate(60).events);
    const proof = hour.filter(
      (event) => event['organization.id'] !== 'P99' && event['event.outcome'] === 'success',
    );
    const heard = proof.map((event) => {
      const user = String(event['user.target.name'] ?? event['user.name']);
      return { event, user, id: `${String(event['organization.id'])} ${user}` };
    });
    const soon = heard.filter(({ event }) => timeOf(event) < startMs + 330_000 + 60_000);
    expect(new Set(soon.map(({ id }) => id))).toEqual(declared);
    const strays = heard.filter(({ id }) => !declared.has(id));
    expect(strays.length).toBeGreaterThan(0);
    for (const { user, event } of strays) {
      expect(user).toMatch(/^saksi/);
      if (event['event.action'] !== 'account-created' || timeOf(event) > startMs + 55 * 60_000) continue;
      const end = strays.find(
        (later) =>
          later.user === user &&
          later.event['event.action'] === 'account-disabled' &&
          timeOf(later.event) > timeOf(event),
      );
      expect(end && timeOf(end.event) - timeOf(event)).toBeLessThan(200_000);
    }
  });

  it('reports only actions that there are, with an outcome', () => {
    const known: readonly unknown[] = accountActions;
    for (const event of events)
      if (event['event.kind'] === 'event') {
        expect(known).toContain(event['event.action']);
        expect(['success', 'failure']).toContain(event['event.outcome']);
      }
  });

  it('lives accounts: created, activated, passwords changed, second factors enrolled', () => {
    const actions = new Set(readEvents(simulate(30).events).map((event) => event['event.action']));
    for (const action of ['account-created', 'account-activated', 'password-changed', 'mfa-enrolled'])
      expect(actions).toContain(action);
  });

  it('sends low signals often and high ones seldom, none in the first three minutes', () => {
    const signals = readEvents(simulate(60).events).filter((event) => event['event.kind'] === 'alert');
    const high = signals.filter((signal) => Number(signal['event.risk_score']) >= 70);
    expect(signals.length).toBeGreaterThan(100);
    expect(high.length).toBeGreaterThan(0);
    expect(high.length).toBeLessThan(signals.length / 10);
    expect(Math.min(...high.map(timeOf))).toBeGreaterThan(startMs + 180_000);
    for (const signal of signals) {
      expect(signal['rule.name']).toBeTruthy();
      expect(signal['event.reason']).toBeTruthy();
      expect(signal['siaga.signal.subject']).toBeTruthy();
    }
  });

  it('leaves out the time while the machine slept', () => {
    const simulator = createSimulator({ seed: 1, parties: placeholderParties, startMs });
    simulator.tick(startMs + 5_000);
    const wake = startMs + 8 * 3_600_000;
    expect(simulator.tick(wake).accessLines).toHaveLength(0);
    const after = simulator.tick(wake + 1_000).accessLines;
    expect(after.length).toBeGreaterThan(0);
    expect(after.length).toBeLessThan(200);
    for (const line of after) expect(readLine(line).at).toBeGreaterThanOrEqual(wake - 1_000);
  });

  it('is still when the clock goes back', () => {
    const simulator = createSimulator({ seed: 1, parties: placeholderParties, startMs });
    simulator.tick(startMs + 5_000);
    expect(simulator.tick(startMs + 1_000)).toEqual({ accessLines: [], events: [] });
  });

  it('does without Aceh parties, and without any', () => {
    for (const parties of [placeholderParties.slice(0, 3), []]) {
      const simulator = createSimulator({ seed: 1, parties, startMs });
      for (let second = 0; second <= 900; second += 1) simulator.tick(startMs + second * 1_000);
      expect(simulator.tick(startMs + 901_000).accessLines.length).toBeGreaterThan(0);
    }
  });
});
