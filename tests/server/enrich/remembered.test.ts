import { describe, expect, it } from 'vitest';
import { maxRememberedLength, remembered } from '../../../server/enrich/remembered.ts';

function counting(max: number) {
  const asked: string[] = [];
  const ask = remembered(max, (text) => {
    asked.push(text.slice(0, 5));
    return text.length === 0 ? null : text.length;
  });
  return { ask, asked };
}

describe('an answer that is remembered', () => {
  it('is worked out once, also when it is null', () => {
    const { ask, asked } = counting(10);
    expect([ask('abc'), ask('abc'), ask(''), ask('')]).toEqual([3, 3, null, null]);
    expect(asked).toEqual(['abc', '']);
  });

  it('stays while it is asked for, whatever else comes', () => {
    const { ask, asked } = counting(10);
    for (let number = 0; number < 1_000; number += 1) {
      ask('often');
      ask(`${number}`);
    }
    expect(asked.filter((text) => text === 'often')).toHaveLength(1);
  });

  it('is forgotten when twice as many others were asked for since', () => {
    const { ask, asked } = counting(10);
    ask('once');
    for (let number = 0; number < 20; number += 1) ask(`${number}`);
    ask('once');
    expect(asked.filter((text) => text === 'once')).toHaveLength(2);
  });

  it('is not kept for a text that is too long', () => {
    const { ask, asked } = counting(10);
    const long = 'x'.repeat(maxRememberedLength + 1);
    expect([ask(long), ask(long)]).toEqual([long.length, long.length]);
    expect(asked).toHaveLength(2);
  });
});
