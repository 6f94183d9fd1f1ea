import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInTurn } from '../../server/store/state/in-turn.ts';
import {
  createPositions,
  maxRemembered,
  saveDurable,
  type FilePosition,
} from '../../server/store/state/positions.ts';
import { migrate, type StateStore } from '../../server/store/state/state-store.ts';

const position = (changes: Partial<FilePosition> = {}): FilePosition => ({
  id: 'file-1',
  source: 'web',
  path: '/var/log/access.log',
  device: 2_049,
  inode: 9_007_199_254_740_991,
  headHash: 'ab'.repeat(32),
  headLength: 1_024,
  offset: 5_000_000_000,
  tail: null,
  lastLine: null,
  finished: false,
  ...changes,
});

/** What every state store must do, whatever keeps it; `open` gives an empty one. */
export function stateStoreSuite(open: () => Promise<StateStore>): void {
  let store: StateStore;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.close());

  const addUser = (name: string) =>
    store.db
      .insertInto('users')
      .values({
        name,
        password_hash: 'x',
        role: 'viewer',
        disabled: 0,
        must_change_password: 0,
        password_expires_at: null,
        created_at: 1_764_000_000_123,
        last_sign_in: null,
        agency: 'KPU',
      })
      .execute();

  describe('schema', () => {
    test('migrating again changes nothing', async () => {
      await addUser('budi');
      await migrate(store.db);
      expect(await store.db.selectFrom('users').select('name').execute()).toEqual([{ name: 'budi' }]);
    });

    test('epoch milliseconds come back as numbers', async () => {
      await addUser('budi');
      const row = await store.db.selectFrom('users').select('created_at').executeTakeFirstOrThrow();
      expect(row.created_at).toBe(1_764_000_000_123);
    });

    test('a session without its user is refused', async () => {
      const orphan = {
        key: 'k',
        user_name: 'nobody',
        created_at: 1,
        last_used_at: 1,
        address: '',
        user_agent: '',
        factor: '',
        provider_session: '',
        id_token: null,
      };
      await expect(store.db.insertInto('sessions').values(orphan).execute()).rejects.toThrow();
    });

    test('a group may have one open alert and any number of closed ones', async () => {
      const alert = (id: string, status: string) =>
        store.db
          .insertInto('alerts')
          .values({
            id,
            status,
            rule_id: 'r',
            rule: '{}',
            severity: 'high',
            severity_rank: 3,
            group_hash: 'g',
            key: '{}',
            count: 1,
            detections: 1,
            first_seen: 1,
            last_seen: 1,
            created_at: 1,
          })
          .execute();
      await alert('a', 'closed');
      await alert('b', 'closed');
      await alert('c', 'new');
      await expect(alert('d', 'acknowledged')).rejects.toThrow();
    });
  });

  describe('transactions', () => {
    test('leave nothing behind when they fail', async () => {
      const failing = store.db.transaction().execute(async (transaction) => {
        await transaction.insertInto('meta').values({ name: 'a', value: 1 }).execute();
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await store.db.selectFrom('meta').selectAll().execute()).toEqual([]);
    });

    test('do not lose an update that others make at the same time', async () => {
      await store.db.insertInto('meta').values({ name: 'n', value: 0 }).execute();
      const add = () =>
        store.db.transaction().execute((transaction) =>
          transaction
            .updateTable('meta')
            .set((update) => ({ value: update('value', '+', 1) }))
            .execute(),
        );
      await Promise.all(Array.from({ length: 20 }, add));
      expect(await store.db.selectFrom('meta').select('value').execute()).toEqual([{ value: 20 }]);
    });
  });

  describe('file positions', () => {
    test('come back as they were kept, by source', async () => {
      const positions = createPositions({ ...store, now: () => 1_000 });
      await positions.create(position());
      await positions.create(position({ id: 'file-2', source: 'account' }));
      expect(await positions.all('web')).toEqual([position()]);
      expect(await positions.all('nothing')).toEqual([]);
    });

    test('keep another name and a longer head, and how far they are durable stays with the books', async () => {
      const positions = createPositions({ ...store, now: () => 1_000 });
      await positions.create(position());
      await positions.identify(position({ path: '/var/log/access.log.1', headLength: 900, offset: 7 }));
      expect(await positions.all('web')).toEqual([
        position({ path: '/var/log/access.log.1', headLength: 900 }),
      ]);
    });

    test('move on with the books, which forget what was found stored after a crash', async () => {
      const positions = createPositions({ ...store, now: () => 1_000 });
      await positions.create(position({ lastLine: 40 }));
      const tail = { hash: 'ab', length: 9 };
      await store.db
        .transaction()
        .execute((tx) => saveDurable(tx, { id: 'file-1', offset: 5_000_000_999, tail }));
      expect(await positions.all('web')).toEqual([position({ offset: 5_000_000_999, tail, lastLine: null })]);
    });

    test('say once that a source begins for the first time', async () => {
      const positions = createPositions({ ...store, now: () => 1_000 });
      expect([await positions.begin('web'), await positions.begin('web')]).toEqual([null, 1_000]);
      await positions.alive('web', 5_000);
      expect(await positions.begin('web')).toBe(5_000);
      await positions.create(position({ source: 'older' }));
      expect(await positions.begin('older')).toBe(1_000);
    });

    test('refuse to be created twice', async () => {
      const positions = createPositions({ ...store, now: () => 1_000 });
      await positions.create(position());
      await expect(positions.create(position())).rejects.toThrow();
    });

    test('that are read to their end stay so', async () => {
      const positions = createPositions({ ...store, now: () => 1_000 });
      await positions.create(position());
      await positions.finish('file-1');
      expect(await positions.all('web')).toEqual([position({ finished: true })]);
    });

    test(`are forgotten beyond ${maxRemembered}, those seen longest ago`, async () => {
      let now = 0;
      const positions = createPositions({ ...store, now: () => (now += 1) });
      for (let count = 0; count < maxRemembered + 3; count += 1)
        await positions.create(position({ id: `file-${count}` }));
      await positions.begin('web');
      const ids = (await positions.all('web')).map(({ id }) => id);
      expect(ids).toHaveLength(maxRemembered);
      expect(ids).not.toContain('file-2');
      expect(ids).toContain('file-3');
    });

    test('are remembered while they are read, however long they have had the same beginning', async () => {
      let now = 0;
      const positions = createPositions({ ...store, now: () => (now += 1) });
      await positions.create(position({ id: 'followed' }));
      for (let count = 0; count < maxRemembered; count += 1)
        await positions.create(position({ id: `rotated-${count}`, finished: true }));
      await positions.begin('web');
      const ids = (await positions.all('web')).map(({ id }) => id);
      expect(ids).toContain('followed');
      expect(ids).not.toContain('rotated-0');
    });
  });
}

describe('one task at a time', () => {
  test('runs tasks in the order asked, and a failed one harms nobody else', async () => {
    const inTurn = createInTurn();
    const order: number[] = [];
    const slow = inTurn(async () => {
      await Promise.resolve();
      order.push(1);
    });
    const failed = inTurn(() => Promise.reject(new Error('no')));
    const last = inTurn(() => Promise.resolve(order.push(2)));
    await expect(failed).rejects.toThrow('no');
    await Promise.all([slow, last]);
    expect(order).toEqual([1, 2]);
  });
});
