import { expect, it } from 'vitest';
import { createHeavyQueue } from '../../../client/investigate/heavy-queue.ts';

const never = new AbortController().signal;
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

it('runs two at a time, in order, and goes on after a failure', async () => {
  const queue = createHeavyQueue(2);
  const begun: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const task = (name: string) => () =>
    new Promise<void>((resolve, reject) => {
      begun.push(name);
      ends.set(name, { resolve, reject });
    });
  const all = ['a', 'b', 'c', 'd'].map((name) => queue.run(task(name), never).catch(() => 'failed'));
  await settle();
  expect(begun).toEqual(['a', 'b']);
  ends.get('a')?.reject(new Error('no'));
  await settle();
  expect(begun).toEqual(['a', 'b', 'c']);
  ends.get('c')?.resolve();
  await settle();
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  ends.get('b')?.resolve();
  ends.get('d')?.resolve();
  expect((await Promise.all(all))[0]).toBe('failed');
});

it('never begins what was called off while it waited', async () => {
  const queue = createHeavyQueue(1);
  let end = (): void => undefined;
  const first = queue.run(() => new Promise<void>((resolve) => (end = resolve)), never);
  const off = new AbortController();
  let begun = false;
  const second = queue.run(() => {
    begun = true;
    return Promise.resolve();
  }, off.signal);
  off.abort();
  await expect(second).rejects.toThrow();
  end();
  await first;
  await queue.run(() => Promise.resolve(), never);
  expect(begun).toBe(false);
});
