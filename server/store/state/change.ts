import type { StateDb } from './state-store.ts';

/** A change under way: all of it is kept, or nothing. */
export interface Change {
  /** The transaction. Within a change nothing may wait for the store outside of it, which waits for the change. */
  readonly db: StateDb;
  /** What follows in memory, begun in the order given as soon as the change is on disk; never when it isn't kept. */
  readonly afterwards: (effect: () => void | Promise<void>) => void;
}

/** Hears of an act within the transaction that takes it: when it rejects, the act isn't taken. */
export type Witness<T> = (transaction: StateDb, done: T) => Promise<void>;

/** Runs a task as one transaction, then its effects; rejects, with nothing changed and no effect, when the task does. */
export async function makeChange<T>(db: StateDb, task: (change: Change) => Promise<T>): Promise<T> {
  const effects: (() => void | Promise<void>)[] = [];
  const value = await db
    .transaction()
    .execute((transaction) => task({ db: transaction, afterwards: (effect) => void effects.push(effect) }));
  // All begin at once: one that fails must not leave the others undone.
  const settled = await Promise.allSettled(effects.map(async (effect) => effect()));
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  return value;
}
