import { describe, expect, it } from 'vitest';
import {
  mostWithin,
  readEvents,
  readLine,
  simulate,
  startMs,
  timeOf,
  type SimulatedEvent,
} from './simulated.ts';

const minutes = 60_000;

const failures = (events: readonly SimulatedEvent[]) =>
  events.filter((event) => event['event.action'] === 'user-login' && event['event.outcome'] === 'failure');
const byAddress = { at: timeOf, key: (event: SimulatedEvent) => String(event['source.ip']) };
const userOf = (event: SimulatedEvent) => String(event['user.name']);

const failuresOfOneAccount = (events: readonly SimulatedEvent[]) =>
  mostWithin(failures(events), 5 * minutes, {
    at: timeOf,
    key: userOf,
    value: (event) => String(event['@timestamp']),
  });
const usersFailingFromOneAddress = (events: readonly SimulatedEvent[]) =>
  mostWithin(failures(events), 10 * minutes, { ...byAddress, value: userOf });
const unknownUsersFromOneAddress = (events: readonly SimulatedEvent[]) =>
  mostWithin(
    failures(events).filter((event) => event['event.reason'] === 'user-unknown'),
    5 * minutes,
    { ...byAddress, value: userOf },
  );
const pathsNotFoundForOneAddress = (lines: readonly string[]) =>
  mostWithin(
    lines.map(readLine).filter(({ status }) => status === 404),
    2 * minutes,
    { at: ({ at }) => at, key: ({ address }) => address, value: ({ target }) => target },
  );

describe.each([1, 2, 3])('within 45 minutes of seed %i', (seed) => {
  const { accessLines, events: texts } = simulate(45, seed);
  const events = readEvents(texts);

  it('a brute force fails 10 times and more on one account in 5 minutes', () => {
    expect(failuresOfOneAccount(events)).toBeGreaterThanOrEqual(10);
  });

  it('a password spraying fails on 8 users and more from one address in 10 minutes', () => {
    const known = events.filter((event) => event['event.reason'] !== 'user-unknown');
    expect(usersFailingFromOneAddress(known)).toBeGreaterThanOrEqual(8);
  });

  it('an enumeration tries 10 unknown users and more from one address in 5 minutes', () => {
    expect(unknownUsersFromOneAddress(events)).toBeGreaterThanOrEqual(10);
  });

  it('a scan asks for 30 paths and more that are not found, from one address in 2 minutes', () => {
    expect(pathsNotFoundForOneAddress(accessLines)).toBeGreaterThanOrEqual(30);
  });

  it('probes for injection, path traversal and scripts come in the query', () => {
    const targets = accessLines.map((line) => readLine(line).target);
    expect(targets.some((target) => target.includes('UNION%20SELECT'))).toBe(true);
    expect(targets.some((target) => target.includes('../../etc/passwd'))).toBe(true);
    expect(targets.some((target) => target.includes('<script>'))).toBe(true);
    expect(accessLines.some((line) => line.includes('\\x22><b>'))).toBe(true);
  });

  it('an account of an unknown party appears and signs in', () => {
    const strange = events.filter((event) => event['organization.id'] === 'P99');
    expect(strange.map((event) => event['event.action'])).toEqual(['account-created', 'user-login']);
  });

  it('the first attack begins after 45 seconds', () => {
    const early = events.filter((event) => timeOf(event) < startMs + 45_000);
    const soon = events.filter((event) => timeOf(event) < startMs + 95_000);
    expect(failuresOfOneAccount(early)).toBeLessThan(5);
    expect(failuresOfOneAccount(soon)).toBeGreaterThanOrEqual(25);
  });
});

it('ordinary traffic stays below every threshold', () => {
  const { accessLines, events: texts } = simulate(45, 4);
  const people = (agent: unknown) =>
    /^Mozilla\/5\.0 \((?:Windows|Linux|iPhone|Macintosh)/.test(String(agent));
  const events = readEvents(texts).filter((event) => people(event['user_agent.original']));
  const isAttacker = (address: string) => /\.(?:20[5-9]|2[1-5]\d)$|:bad:/.test(address);
  const lines = accessLines.filter((line) => !isAttacker(readLine(line).address));
  expect(failures(events).length).toBeGreaterThan(50);
  expect(failuresOfOneAccount(events)).toBeLessThan(10);
  expect(usersFailingFromOneAddress(events)).toBeLessThan(8);
  expect(unknownUsersFromOneAddress(events)).toBeLessThan(10);
  expect(pathsNotFoundForOneAddress(lines)).toBeLessThan(30);
});

it('a brute force is sometimes ended by a lock, during which its owner is refused too', () => {
  const locked = [1, 2, 3, 4].flatMap((seed) =>
    readEvents(simulate(20, seed).events).filter((event) => event['event.action'] === 'account-locked'),
  );
  expect(locked.length).toBeGreaterThan(0);
  const blocked = readEvents(simulate(20, 1).events).concat(readEvents(simulate(20, 2).events));
  expect(blocked.some((event) => event['event.type'] === 'denied')).toBe(true);
});
