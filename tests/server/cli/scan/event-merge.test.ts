import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeByTime } from '../../../../server/cli/scan/event-merge.ts';

interface Item {
  readonly time: number;
  readonly source: number;
  readonly place: number;
}

async function merged(sources: readonly (readonly (readonly number[])[])[]): Promise<Item[]> {
  const items: Item[] = [];
  await mergeByTime<Item>(
    sources.map((batches, source) => {
      let place = 0;
      const left = batches.map((times) => times.map((time): Item => ({ time, source, place: place++ })));
      return () => Promise.resolve(left.shift() ?? null);
    }),
    ({ time }) => time,
    (item) => items.push(item),
    () => Promise.resolve(),
  );
  return items;
}

const times = (items: readonly Item[]): number[] => items.map(({ time }) => time);

describe('sources merged by time', () => {
  it.each([
    ['none', [], []],
    ['one', [[[1, 2], [3]]], [1, 2, 3]],
    [
      'two',
      [
        [[1, 4], [5]],
        [[2, 3], [6]],
      ],
      [1, 2, 3, 4, 5, 6],
    ],
    ['one of them empty', [[], [[2]], [[], [1]]], [1, 2]],
  ] as const)('%s', async (_which, sources, expected) => {
    expect(times(await merged(sources))).toEqual(expected);
  });

  it('at the same time come in the order of the sources', async () => {
    const items = await merged([[[5, 5]], [[5]], [[4, 5]]]);
    expect(items.map(({ source }) => source)).toEqual([2, 0, 0, 1, 2]);
  });

  it('never wait for a line that is older than the one before it', async () => {
    expect(times(await merged([[[10, 1, 11]], [[10, 12]]]))).toEqual([10, 1, 10, 11, 12]);
  });

  it('are sorted when each is, with nothing lost and each in its own order', async () => {
    const sorted = fc.array(fc.integer({ min: 0, max: 50 })).map((list) => list.sort((a, b) => a - b));
    const cut = fc
      .tuple(sorted, fc.integer({ min: 1, max: 4 }))
      .map(([list, size]) =>
        Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
          list.slice(at * size, (at + 1) * size),
        ),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 9 }), async (sources) => {
        const items = await merged(sources);
        const all = sources.flat(2);
        expect(times(items)).toEqual(all.toSorted((a, b) => a - b));
        for (const [source] of sources.entries()) {
          const places = items.filter((item) => item.source === source).map(({ place }) => place);
          expect(places).toEqual(places.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});
