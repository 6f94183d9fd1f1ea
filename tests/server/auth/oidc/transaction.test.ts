import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  createTransactions,
  maxUsedTransactions,
  transactionMs,
} from '../../../../server/auth/oidc/transaction.ts';
import { maxNextLength } from '../../../../server/api/screen-path.ts';
import { sentBack } from '../support.ts';

const given = { state: 'a', nonce: 'b', verifier: 'c', next: '/wall', oldSessionKey: null };

function open(secure = true) {
  const clock = { now: 1_764_000_000_000 };
  const parts = { now: () => clock.now, random: (size: number) => randomBytes(size), secure };
  return { clock, transactions: createTransactions(parts), restart: () => createTransactions(parts) };
}

test('behind TLS the cookie is one that only this host can have set', () => {
  const { transactions } = open();
  const cookie = transactions.keep(given);
  expect(cookie).toMatch(/^__Host-siaga_oidc=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  expect(transactions.forgotten).toBe(
    '__Host-siaga_oidc=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
  );
  expect(transactions.find(sentBack(cookie))).toMatchObject(given);
  expect(transactions.find(sentBack(cookie).replace('__Host-', ''))).toBeNull();
});

test('the longest address to end at fits what a browser keeps in one cookie', () => {
  const next = `/?${'a'.repeat(maxNextLength - 2)}`;
  const state = 'x'.repeat(43);
  const kept = open().transactions.keep({
    next,
    state,
    nonce: state,
    verifier: state,
    oldSessionKey: 'f'.repeat(64),
  });
  expect(sentBack(kept).length).toBeLessThan(4_096);
});

test('nothing in it can be read, and no character changed', () => {
  const { transactions } = open();
  const sealed = sentBack(transactions.keep(given));
  expect(Buffer.from(sealed.split('=')[1] ?? '', 'base64url').toString('latin1')).not.toContain('/wall');
  for (let index = sealed.indexOf('=') + 1; index < sealed.length - 1; index += 1) {
    const other = sealed[index] === 'A' ? 'B' : 'A';
    const changed = `${sealed.slice(0, index)}${other}${sealed.slice(index + 1)}`;
    expect(transactions.find(changed)).toBeNull();
  }
  expect(transactions.find(sealed)).not.toBeNull();
});

test('a restart, its end and its use make it void', () => {
  const { clock, transactions, restart } = open();
  const cookie = sentBack(transactions.keep(given));
  expect(restart().find(cookie)).toBeNull();
  const transaction = transactions.find(cookie);
  if (!transaction) throw new Error('not found');
  expect(transactions.use(transaction)).toBe(true);
  expect(transactions.use(transaction)).toBe(false);
  expect(transactions.find(cookie)).toBeNull();
  const late = sentBack(transactions.keep(given));
  clock.now += transactionMs - 1;
  expect(transactions.find(late)).not.toBeNull();
  clock.now += 1;
  expect(transactions.find(late)).toBeNull();
});

test('at most so many used ones are remembered, the newest', () => {
  const { transactions } = open();
  const use = () => {
    const cookie = sentBack(transactions.keep(given));
    const transaction = transactions.find(cookie);
    if (transaction) transactions.use(transaction);
    return cookie;
  };
  const first = use();
  const second = use();
  for (let count = 2; count < maxUsedTransactions; count += 1) use();
  expect(transactions.find(first)).toBeNull();
  use();
  expect(transactions.find(first)).not.toBeNull();
  expect(transactions.find(second)).toBeNull();
});
