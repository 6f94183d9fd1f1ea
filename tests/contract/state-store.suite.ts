import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInTurn } from '../../server/store/state/in-turn.ts';
import { createPositions, type FilePosition } from '../../server/store/state/positions.ts';
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
      const orphan = { key: 'k', user_name: 'nobody', created_at: 1, last_used_at: 1 };
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
      const positions = createPositions(store);
      await positions.create(position());
      await positions.create(position({ id: 'file-2', source: 'account' }));
      expect(await positions.all('web')).toEqual([position()]);
      expect(await positions.all('nothing')).toEqual([]);
    });

    test('are replaced by their id, and kept when they are new', async () => {
      const positions = createPositions(store);
      await positions.create(position());
      const moved = position({ path: '/var/log/access.log.1', offset: 5_000_000_999 });
      const next = position({ id: 'file-2', inode: 7, offset: 0 });
      await positions.save(moved, next);
      expect(await positions.all('web')).toEqual([moved, next]);
    });

    test('refuse to be created twice', async () => {
      const positions = createPositions(store);
      await positions.create(position());
      await expect(positions.create(position())).rejects.toThrow();
    });

    test('are forgotten by their id', async () => {
      const positions = createPositions(store);
      await positions.save(position(), position({ id: 'file-2' }));
      await positions.remove('file-1');
      expect((await positions.all('web')).map(({ id }) => id)).toEqual(['file-2']);
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
