/** What a syslog source takes at most; the table in docs/architecture.md says what happens at each. */
export interface SyslogLimits {
  /** Bytes of one message over TCP or TLS. */
  readonly maxFrameBytes: number;
  /** Connections of the source; one counts on while lines of it are under way. */
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** Bytes of one connection under way, from where on it is not read. */
  readonly maxConnectionBytes: number;
  /** Bytes of all connections of a listener under way, from where on each may have `fairConnectionBytes` only. */
  readonly maxStreamBytes: number;
  readonly fairConnectionBytes: number;
  /** Bytes of datagrams under way. */
  readonly maxUdpBytes: number;
  /** A connection without a byte for so long is closed. */
  readonly idleMs: number;
  /** From the first byte of a frame to its last. */
  readonly frameWithinMs: number;
  readonly handshakeMs: number;
  readonly batchBytes: number;
  readonly batchMs: number;
}

export const syslogLimits: SyslogLimits = {
  maxFrameBytes: 1_048_576,
  maxConnections: 256,
  maxConnectionsPerAddress: 32,
  maxConnectionBytes: 4_194_304,
  maxStreamBytes: 33_554_432,
  fairConnectionBytes: 524_288,
  maxUdpBytes: 8_388_608,
  idleMs: 3_600_000,
  frameWithinMs: 60_000,
  handshakeMs: 10_000,
  batchBytes: 262_144,
  batchMs: 20,
};
