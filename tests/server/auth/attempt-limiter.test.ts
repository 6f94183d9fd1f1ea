import { expect, test } from 'vitest';
import { addressGroup, createAttemptLimiter } from '../../../server/auth/attempt-limiter.ts';

test('counts within a window that begins with the first attempt', () => {
  let now = 0;
  const limiter = createAttemptLimiter({ limit: 2, windowMs: 100, maxKeys: 10, now: () => now });
  expect(limiter.take('a')).toBe(0);
  now = 60;
  expect(limiter.take('a')).toBe(0);
  expect(limiter.take('a')).toBe(40);
  expect(limiter.take('b')).toBe(0);
  now = 100;
  expect(limiter.take('a')).toBe(0);
});

test('takes an attempt back', () => {
  const limiter = createAttemptLimiter({ limit: 1, windowMs: 100, maxKeys: 10, now: () => 0 });
  limiter.take('a');
  limiter.giveBack('a');
  limiter.giveBack('a');
  limiter.giveBack('never seen');
  expect([limiter.take('a'), limiter.take('a')]).toEqual([0, 100]);
});

test('forgets the key that began first when there are too many', () => {
  const limiter = createAttemptLimiter({ limit: 1, windowMs: 100, maxKeys: 2, now: () => 0 });
  for (const key of ['a', 'b', 'c']) limiter.take(key);
  expect([limiter.take('c'), limiter.take('b')]).toEqual([100, 100]);
  expect(limiter.take('a')).toBe(0);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['unknown', 'unknown'],
])('limits %s as %s', (address, group) => {
  expect(addressGroup(address)).toBe(group);
});
