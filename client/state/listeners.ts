/** Those who want to be told, in the order in which they came. */
export interface Listeners<T> {
  readonly tell: (news: T) => void;
  /** Answers how to stop. */
  readonly subscribe: (listener: (news: T) => void) => () => void;
}

/** An empty set of listeners. */
export function createListeners<T>(): Listeners<T> {
  const all = new Set<(news: T) => void>();
  return {
    tell: (news) => {
      for (const listener of all) listener(news);
    },
    subscribe: (listener) => {
      all.add(listener);
      return () => void all.delete(listener);
    },
  };
}
