/** Runs one task at a time, in the order asked; a failed task fails its caller only. */
export type InTurn = <T>(task: () => Promise<T>) => Promise<T>;

/** A new queue of its own. */
export function createInTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const mine = last.then(task);
    last = mine.catch(() => undefined);
    return mine;
  };
}
