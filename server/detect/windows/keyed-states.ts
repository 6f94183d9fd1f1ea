/** State of one key that knows when it was last used, by the clock of arrivals (epoch ms). */
export interface KeyedState {
  arrival: number;
}

/** States by key, in order of last use; expired ones are gone whether or not anyone cleared them. */
export interface KeyedStates<S extends KeyedState> {
  readonly size: number;
  /** The key's living state, or what `create` makes of it, marked as used at `arrival`. */
  use(key: string, arrival: number, create: () => S): S;
  /** Gives up the states last used before `limit`. */
  forgetBefore(limit: number): void;
  /** Whether a living state had to go for a new key since the last look. */
  takeCapped(): boolean;
}

export interface KeyedStatesOptions<S> {
  /** An unused state lives this long, ms. */
  readonly ttlMs: number;
  readonly maxKeys: number;
  /** Told of each state that goes. */
  readonly dismiss: (state: S) => void;
}

/** Link of a ring in order of last use. A Map alone would step over every deleted entry to find its oldest. */
interface Link<S> {
  readonly key: string;
  readonly state: S | null;
  older: Link<S>;
  newer: Link<S>;
}

function createRing<S>(): Link<S> {
  const ring = { key: '', state: null } as Link<S>;
  ring.older = ring;
  ring.newer = ring;
  return ring;
}

function unlink<S>(link: Link<S>): void {
  link.older.newer = link.newer;
  link.newer.older = link.older;
}

function linkNewest<S>(ring: Link<S>, link: Link<S>): void {
  link.older = ring.older;
  link.newer = ring;
  ring.older.newer = link;
  ring.older = link;
}

/** Creates an empty set of states; arrivals must not go back in time. */
export function createKeyedStates<S extends KeyedState>(options: KeyedStatesOptions<S>): KeyedStates<S> {
  const { ttlMs, maxKeys, dismiss } = options;
  const links = new Map<string, Link<S>>();
  const ring = createRing<S>();
  let capped = false;

  const remove = (link: Link<S>): void => {
    links.delete(link.key);
    unlink(link);
    if (link.state) dismiss(link.state);
  };
  const makeRoom = (arrival: number): void => {
    const oldest = ring.newer;
    if (oldest.state && oldest.state.arrival >= arrival - ttlMs) capped = true;
    remove(oldest);
  };
  const add = (key: string, state: S): S => {
    const link: Link<S> = { key, state, older: ring, newer: ring };
    links.set(key, link);
    linkNewest(ring, link);
    return state;
  };
  return {
    get size() {
      return links.size;
    },
    use(key, arrival, create) {
      const link = links.get(key);
      if (link?.state && link.state.arrival >= arrival - ttlMs) {
        unlink(link);
        linkNewest(ring, link);
        link.state.arrival = arrival;
        return link.state;
      }
      if (link) remove(link);
      if (links.size >= maxKeys) makeRoom(arrival);
      return add(key, create());
    },
    forgetBefore(limit) {
      while (ring.newer.state && ring.newer.state.arrival < limit) remove(ring.newer);
    },
    takeCapped() {
      const was = capped;
      capped = false;
      return was;
    },
  };
}
