import { createAllowed } from '../ingest/sources/allowed-addresses.ts';
import { createLimitCounters, type LimitCounters } from '../limits/limit-counters.ts';
import type { LimitName, Limits } from '../limits/limits.ts';
import { createClientAddressOf, type ClientAddressOf } from './client-address-of.ts';

/** What holds for everybody who comes from outside: limits, what became of them, and whose request is whose. */
export interface Edge {
  readonly limits: Limits;
  readonly counters: LimitCounters;
  /** Counts that a limit was reached; the log hears of each limit once a minute at most. */
  readonly reached: (limit: LimitName, address?: string) => void;
  readonly addressOf: ClientAddressOf;
  /** Whether that peer is one of the proxies in front of us. */
  readonly isTrustedProxy: (address: string) => boolean;
  /** Whether the event loop is so late that nothing heavy may begin. */
  readonly isBusy: () => boolean;
}

export interface EdgeParts {
  readonly limits: Limits;
  /** Addresses and networks (CIDR) whose forwarded-for list is believed. */
  readonly trustedProxies: readonly string[];
  /** Mean delay of the event loop, ms. */
  readonly delayMs: () => number;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: (entry: {
    readonly level: 'warn';
    readonly event: string;
    readonly address?: string | undefined;
    readonly detail: string;
  }) => void;
}

const quietMs = 60_000;

export function createEdge({ limits, trustedProxies, delayMs, now, log }: EdgeParts): Edge {
  const counters = createLimitCounters(now);
  const told = new Map<LimitName, number>();
  return {
    limits,
    counters,
    reached: (limit, address) => {
      counters.count(limit);
      if (now() - (told.get(limit) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
      told.set(limit, now());
      log({
        level: 'warn',
        event: 'limit:reached',
        address,
        detail: `${limit}, ${limits[limit]}; reached ${counters.total(limit)} times since the start`,
      });
    },
    addressOf: createClientAddressOf(trustedProxies),
    isTrustedProxy: createAllowed(trustedProxies),
    isBusy: () => delayMs() > limits.eventLoopDelay,
  };
}
