/** What a limit is counted in. */
export type LimitUnit = 'bytes' | 'ms' | 'count';

/** One limit as it is declared: its default, what the configuration may make of it, and what happens at it. */
export interface LimitDeclaration {
  readonly unit: LimitUnit;
  readonly default: number;
  readonly least: number;
  readonly most: number;
  /** Said in `docs/limits.md`. */
  readonly what: string;
  readonly atLimit: string;
}

const bytes = (value: number, least: number, most: number) =>
  ({ unit: 'bytes', default: value, least, most }) as const;
const ms = (value: number, least: number, most: number) =>
  ({ unit: 'ms', default: value, least, most }) as const;
const count = (value: number, least: number, most: number) =>
  ({ unit: 'count', default: value, least, most }) as const;

const kib = 1_024;
const mib = 1_048_576;

/** Every limit that an operator may set, under `limits` in the configuration; `docs/limits.md` lists them, and a test compares. */
export const limitDeclarations = {
  bodyBytes: {
    ...bytes(64 * kib, kib, mib),
    what: 'a body of JSON to the API',
    atLimit: '413',
  },
  jsonDepth: {
    ...count(32, 4, 100),
    what: 'levels of nesting in such a body',
    atLimit: '400',
  },
  headerBytes: {
    ...bytes(16 * kib, 8 * kib, 64 * kib),
    what: 'request line and headers together',
    atLimit: '431, the connection is closed',
  },
  headers: {
    ...count(100, 20, 1_000),
    what: 'headers of a request',
    atLimit: '431, the connection is closed',
  },
  headersTime: {
    ...ms(10_000, 1_000, 60_000),
    what: 'until the headers are there',
    atLimit: '408, the connection is closed',
  },
  requestTime: {
    ...ms(30_000, 5_000, 300_000),
    what: 'until the whole request is there',
    atLimit: '408, the connection is closed',
  },
  keepAliveTime: {
    ...ms(5_000, 1_000, 120_000),
    what: 'that an idle connection is kept',
    atLimit: 'the connection is closed',
  },
  queryLength: {
    ...bytes(12 * kib, kib, 32 * kib),
    what: 'the query of an address',
    atLimit: '400',
  },
  queryParameters: {
    ...count(40, 10, 200),
    what: 'parameters of a query',
    atLimit: '400',
  },
  searchesPerUser: {
    ...count(4, 1, 50),
    what: 'searches of one user at once',
    atLimit: '429',
  },
  searchTime: {
    ...ms(30_000, 1_000, 600_000),
    what: 'one search of the event store (`max_execution_time`)',
    atLimit: '503, the search is ended',
  },
  searchMemory: {
    ...bytes(600_000_000, 100_000_000, 64_000_000_000),
    what: 'memory of one search (`max_memory_usage`)',
    atLimit: '503, the search is ended',
  },
  searchRows: {
    ...count(1_000_000, 10_000, 10_000_000),
    what: 'rows that one search may give (`max_result_rows`)',
    atLimit: '503, the search is ended',
  },
  connections: {
    ...count(4_000, 50, 100_000),
    what: 'connections to the HTTP server',
    atLimit: 'further ones are closed at once',
  },
  connectionsPerAddress: {
    ...count(400, 10, 100_000),
    what: 'of those, of one address that is no trusted proxy',
    atLimit: 'further ones are closed at once',
  },
  requestsPerSecond: {
    ...count(200, 5, 100_000),
    what: 'requests of one address for screens and API, over five seconds',
    atLimit: '429',
  },
  eventLoopDelay: {
    ...ms(300, 50, 10_000),
    what: 'mean delay of the event loop over a second',
    atLimit: '503 for searches, until it is shorter',
  },
  sockets: {
    ...count(2_000, 10, 100_000),
    what: 'live sockets',
    atLimit: 'the hand-shake is refused',
  },
  socketsPerAddress: {
    ...count(200, 5, 100_000),
    what: 'of those, of one address',
    atLimit: 'the hand-shake is refused',
  },
  socketsPerUser: {
    ...count(20, 1, 1_000),
    what: 'of those, of one user',
    atLimit: 'the hand-shake is refused',
  },
  socketMessageBytes: {
    ...bytes(4 * kib, kib, 64 * kib),
    what: 'one message of a browser',
    atLimit: 'the socket is closed',
  },
  socketMessages: {
    ...count(30, 10, 10_000),
    what: 'messages of one socket in ten seconds',
    atLimit: 'the socket is closed',
  },
  unknownEvents: {
    ...count(5, 1, 100),
    what: 'messages of one socket that are no command',
    atLimit: 'the socket is closed',
  },
  socketBacklogBytes: {
    ...bytes(mib, 64 * kib, 64 * mib),
    what: 'bytes that wait for one slow reader',
    atLimit: 'the socket is cut; the browser comes again and asks for what it missed',
  },
} as const satisfies Record<string, LimitDeclaration>;

export type LimitName = keyof typeof limitDeclarations;
/** Limits as they hold, in bytes, ms or a count. */
export type Limits = Readonly<Record<LimitName, number>>;

export const limitNames = Object.keys(limitDeclarations) as LimitName[];

/** What holds where the configuration says nothing. */
export const defaultLimits: Limits = Object.fromEntries(
  limitNames.map((name) => [name, limitDeclarations[name].default]),
) as Record<LimitName, number>;
