import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeChange } from '../../../../server/store/state/change.ts';
import { openStateStore, type StateDb, type StateStore } from '../../../../server/store/state/state-store.ts';

let store: StateStore;
let heard: string[];
beforeEach(async () => {
  store = await openStateStore({ file: ':memory:' });
  heard = [];
});
afterEach(() => store.close());

const write = (db: StateDb, name: string) => db.insertInto('meta').values({ name, value: 1 }).execute();
const written = async () => {
  const rows = await store.db.selectFrom('meta').select('name').where('name', 'like', 'test %').execute();
  return rows.map(({ name }) => name);
};

test('effects follow once the change is kept, in their order', async () => {
  const value = await makeChange(store.db, async ({ db, afterwards }) => {
    afterwards(() => void heard.push('first'));
    await write(db, 'test one');
    afterwards(() => void heard.push('second'));
    expect(heard).toEqual([]);
    return 7;
  });
  expect([value, heard, await written()]).toEqual([7, ['first', 'second'], ['test one']]);
});

test('of a task that fails nothing is kept, and nothing follows', async () => {
  const failed = makeChange(store.db, async ({ db, afterwards }) => {
    afterwards(() => void heard.push('first'));
    await write(db, 'test one');
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect([heard, await written()]).toEqual([[], []]);
});

test('an effect that fails is told, and holds up no other', async () => {
  const failed = makeChange(store.db, async ({ db, afterwards }) => {
    await write(db, 'test one');
    afterwards(() => Promise.reject(new Error('late')));
    afterwards(() => void heard.push('second'));
  });
  await expect(failed).rejects.toThrow('late');
  expect([heard, await written()]).toEqual([['second'], ['test one']]);
});
