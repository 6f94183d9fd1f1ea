import { describe, expect, it } from 'vitest';
import { createKeyedStates } from '../../../../server/detect/windows/keyed-states.ts';

interface Named {
  name: string;
  arrival: number;
}

function setUp(maxKeys = 2) {
  const gone: string[] = [];
  const states = createKeyedStates<Named>({ ttlMs: 100, maxKeys, dismiss: ({ name }) => gone.push(name) });
  let made = 0;
  const use = (key: string, arrival: number): string =>
    states.use(key, arrival, () => ({ name: `${key}${++made}`, arrival })).name;
  return { states, gone, use };
}

describe('states by key', () => {
  it('live as long as they are used', () => {
    const { use } = setUp();
    expect([use('a', 0), use('a', 100), use('a', 200)]).toEqual(['a1', 'a1', 'a1']);
  });

  it('are new once they expired, cleared or not', () => {
    const { use, gone } = setUp();
    expect([use('a', 0), use('a', 101)]).toEqual(['a1', 'a2']);
    expect(gone).toEqual(['a1']);
  });

  it('go in order of last use when a new key finds no room, and it is said once', () => {
    const { use, gone, states } = setUp();
    use('a', 0);
    use('b', 1);
    use('a', 2);
    use('c', 3);
    expect(gone).toEqual(['b2']);
    expect(states.size).toBe(2);
    expect([states.takeCapped(), states.takeCapped()]).toEqual([true, false]);
  });

  it('make room without a word when the one that goes had expired', () => {
    const { use, states } = setUp();
    use('a', 0);
    use('b', 1);
    use('c', 150);
    expect(states.takeCapped()).toBe(false);
  });

  it('are forgotten when last used before a limit', () => {
    const { use, states, gone } = setUp(3);
    use('a', 0);
    use('b', 10);
    use('c', 20);
    states.forgetBefore(20);
    expect(gone).toEqual(['a1', 'b2']);
    expect(states.size).toBe(1);
  });
});
