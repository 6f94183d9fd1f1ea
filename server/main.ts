import type { AccountsHeard } from './aggregate/account-sightings.ts';
import type { Ledger as LedgerAnswer } from '../shared/api/ledger.ts';
import { createRaiser, type Raiser } from './alerts/raiser.ts';
import type { Log } from './api/services.ts';
import { createAuditTrail, type AuditTrail } from './audit/audit-trail.ts';
import { configurationHash } from './audit/configuration-hash.ts';
import type { Auth } from './auth/auth.ts';
import type { OneTime } from './auth/user-desk.ts';
import type { Configuration } from './config/configuration.ts';
import { openControlSocket } from './control/control-server.ts';
import { createControlServices, type ControlServices } from './control/services.ts';
import { maxSocketPathBytes, socketPathOf } from './control/socket-path.ts';
import { openCore, type Core } from './core.ts';
import { balance, type LedgerQuery } from './coverage/balance.ts';
import { createBalanceWatch, type BalanceWatch } from './coverage/balance-watch.ts';
import type { WebServer } from './edge/connection-guard.ts';
import { createTlsReload } from './edge/tls-reload.ts';
import { withHandOverLog } from './hand-over-log.ts';
import { closeHttp, createHttp, listen } from './http.ts';
import { createFrameMaker, everySecond } from './live/frame-clock.ts';
import type { LiveServer } from './live/live-server.ts';
import { createUsualRange } from './live/usual-range-clock.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { pipelineSetup } from './pipeline-setup.ts';
import { startPipeline, type PipelineHost, type SecondReport } from './pipeline/host.ts';
import { forgetBatches } from './store/state/batches.ts';
import type { Witness } from './store/state/change.ts';
import { createWaysIn, type WaysIn } from './ways-in.ts';

export interface SiagaOptions {
  readonly configuration: Configuration;
  /** Folder of the built client. */
  readonly clientDir: string;
  readonly version: string;
  /** What the configuration leaves to be known; it is noted with the start. */
  readonly warnings?: readonly string[];
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: Log;
  /** A part died without which nothing is heard; the process should end. */
  readonly onFatal: (error: Error) => void;
}

export interface RunningSiaga {
  readonly port: number;
  readonly firstAdmin: Awaited<ReturnType<Auth['ensureFirstAdmin']>>;
  /** Reads certificate and key again, where there is TLS. */
  readonly reloadTls: () => void;
  /** Takes nothing more in, makes durable what was taken, and closes everything. */
  stop(): Promise<void>;
}

/** How far back a restart reads at least: the longest sliding count of a frame. */
const readBackMs = 3_600_000;
/** Events read back at most, the newest. */
const maxReadBack = 50_000;
const stopWithinMs = 10_000;
const sweepEveryMs = 60_000;

/** Builds all parts from a valid configuration and starts them; rejects, with everything closed again, when one can't. */
export async function startSiaga(options: SiagaOptions): Promise<RunningSiaga> {
  const stops: (() => unknown)[] = [];
  const onStop = (stop: () => unknown): void => void stops.push(stop);
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    return { ...(await start(options, onStop)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: SiagaOptions,
  onStop: (stop: () => unknown) => void,
): Promise<Omit<RunningSiaga, 'stop'>> {
  const { configuration, now, log } = options;
  const core = await openCore({ ...options, onStop });
  const { db, audit } = core;
  const { dataDir, auditHeads: target } = configuration;
  const trail = await createAuditTrail({ db, audit, dataDir, target, now, log });
  onStop(trail.stop);
  await noteStart(core, options, onStop);
  trail.start();
  const warn = (event: string) => (detail: string) => log({ level: 'warn', event, detail });
  const waysIn = await createWaysIn({ core, configuration, now, log, onStop });
  const { sources, ledger, writer } = waysIn;

  let isStarted = false;
  const ready = (): boolean => isStarted && waysIn.failingSince() === null;
  const proof = createProof({ ...options, core, trail, waysIn, sockets: () => live.connected() });
  const { http, live } = createHttp({ ...options, ...proof, core, trail, httpSources: sources.http, ready });
  onStop(() => closeHttp(http));
  onStop(() => live.close());
  onStop(core.alerts.subscribe(live.sendChanges));

  const reloadTls = keepTlsNew(http, options, onStop);

  const raiser = createRaiser({ raise: core.alerts.raise, now, log: warn('alerts:failed') });
  const learn = accountLearner(core, warn('accounts:failed'));
  const pipeline = await startPipeline({
    setup: pipelineSetup(configuration, core, waysIn.lastSequence),
    writer,
    now,
    onReceived: ledger.receive,
    onSettled: waysIn.settle,
    onDetections: raiser.raise,
    onAccounts: learn,
    onSecond: frameSender({ ...options, ...proof, core, waysIn, live, raiser, learn }),
    onFatal: options.onFatal,
  });
  onStop(() => pipeline.stop(stopWithinMs));
  await readBack(core, pipeline, now);

  const port = await listen(http, configuration.server);
  // Sources wait for what is under way; a store that fails must not hold up the stop for ever.
  onStop(() => Promise.race([sources.stop(), after(stopWithinMs)]));
  await sources.start(withHandOverLog(waysIn.withRoom(pipeline.handOver), options));
  onStop(everySecond(now, pipeline.tick));
  proof.watch.start();
  onStop(proof.watch.stop);
  const sweep = every(() => {
    core.auth.sweep();
    forgetBatches(core.db, now()).catch((error: unknown) => warn('books:failed')(String(error)));
  }, sweepEveryMs);
  onStop(sweep.cancel);
  const firstAdmin = await core.auth.ensureFirstAdmin(witnessFirstAdmin(core));
  await openControl(
    createControlServices({ ...options, ...proof, core, waysIn, pipeline: () => Promise.resolve(pipeline) }),
    options,
    onStop,
  );
  isStarted = true;
  log({ level: 'info', event: 'server:started', detail: `port ${port}, ${core.rules.length} rules` });
  return { port, firstAdmin, reloadTls };
}

/** Takes a renewed certificate into use without a restart. */
function keepTlsNew(
  http: WebServer,
  { configuration, log }: SiagaOptions,
  onStop: (stop: () => unknown) => void,
): () => void {
  const { tls } = configuration.server;
  if (tls === null || !('setSecureContext' in http)) return () => undefined;
  const { reload, stop } = createTlsReload({ server: http, tls, every, log });
  onStop(stop);
  return reload;
}

/** Notes what was started, and when it is stopped that it was: a start without a stop before it was a crash. */
async function noteStart(
  { audit, rules }: Core,
  { configuration, version, warnings = [], log }: SiagaOptions,
  onStop: (stop: () => unknown) => void,
): Promise<void> {
  const own = { actor: 'siaga', agency: '', via: 'system' } as const;
  const { mode, server } = configuration;
  const settings = configurationHash(configuration);
  const detail = { version, settings, mode, host: server.host, port: server.port, rules: rules.length };
  await audit.note({ ...own, action: 'server:started', detail });
  for (const warning of warnings)
    await audit.note({ ...own, action: 'configuration:warned', detail: { warning } });
  onStop(() =>
    audit
      .note({ ...own, action: 'server:stopped', detail: { version } })
      .catch((error: unknown) => log({ level: 'error', event: 'audit:failed', detail: String(error) })),
  );
}

/** Notes that `admin` got a one-time password by the start, in the transaction that gives it. */
const witnessFirstAdmin =
  ({ audit }: Core): Witness<OneTime> =>
  (transaction, { user: { name, role, agency } }) =>
    audit.noteWithin(transaction, {
      actor: 'siaga',
      agency: '',
      via: 'system',
      action: 'password:reset',
      target: `user ${name}`,
      detail: { after: { role, agency } },
    });

/** How Siaga shows that it lost nothing. */
interface Proof {
  /** The books held against the event store, for whoever asks. */
  readonly ledger: (query: LedgerQuery) => Promise<LedgerAnswer>;
  /** The same each minute, for every frame and scrape. */
  readonly watch: BalanceWatch;
  readonly metrics: Metrics;
}

interface ProofParts extends SiagaOptions {
  readonly core: Core;
  readonly trail: AuditTrail;
  readonly waysIn: WaysIn;
  readonly sockets: () => number;
}

function createProof({ core, trail, waysIn, version, now, log, sockets }: ProofParts): Proof {
  const { db, events } = core;
  const { books } = waysIn;
  const { pending } = waysIn.ledger;
  const ledger = (query: LedgerQuery) => balance({ db, events, books, pending, now }, query);
  const warn = (detail: string) => log({ level: 'warn', event: 'ledger:failed', detail });
  const watch = createBalanceWatch({ balance: ledger, now, every, log: warn });
  const metrics = createMetrics({
    version,
    now,
    storeFailingSince: waysIn.failingSince,
    booksFailingSince: books.failingSince,
    ledgerCheck: watch.newest,
    limits: core.edge.counters,
    sockets,
    audit: () => ({ ...trail.state(), ...trail.notes.counts() }),
  });
  return { ledger, watch, metrics };
}

interface FrameSenderParts extends SiagaOptions, Pick<Proof, 'watch' | 'metrics'> {
  readonly core: Core;
  readonly waysIn: WaysIn;
  readonly live: LiveServer;
  readonly raiser: Raiser;
  readonly learn: (heard: AccountsHeard) => void;
}

/** Once a second: accounts learnt, one frame made, stored and broadcast. */
function frameSender({
  core,
  waysIn,
  watch,
  metrics,
  live,
  raiser,
  learn,
  now,
  log,
}: FrameSenderParts): (report: SecondReport) => void {
  const warn = (event: string) => (detail: unknown) => log({ level: 'warn', event, detail: String(detail) });
  const usual = createUsualRange({ events: core.events, now, log: warn('usual-range:failed') });
  const makeFrame = createFrameMaker({
    lastSeq: core.newest.frame,
    accounts: core.accounts.presence,
    health: waysIn.ledger.health,
    holes: waysIn.ledger.holes,
    ledger: watch,
    storeFailingSince: () => waysIn.failingSince() ?? raiser.failingSince(),
    usualFailures: usual.current,
  });
  return (report) => {
    raiser.again();
    learn(report.second);
    const frame = makeFrame(report.now, report.second, report.engine);
    core.recent.push(frame);
    live.sendFrame(frame);
    metrics.second(frame, report.engine);
    core.events.insertFrame(frame).catch(warn('frame:failed'));
  };
}

/** Takes what was heard of accounts into their book. */
const accountLearner =
  ({ accounts: book }: Core, complain: (detail: string) => void) =>
  ({ accounts, accountFailures, accountsLeft }: AccountsHeard): void => {
    const changes = accounts.map((seen) => ({ ...seen, login: seen.action === 'user-login' }));
    const failures = accountFailures.map(([party, user, minute, count]) => ({ party, user, minute, count }));
    book.record({ changes, failures, leftOut: accountsLeft }).catch((error) => complain(String(error)));
  };

/** Rebuilds what the engine and the sliding counts knew before a restart; what fires again has its old id. */
async function readBack(core: Core, pipeline: PipelineHost, now: () => number): Promise<void> {
  const from = now() - Math.max(readBackMs, pipeline.longestWindowMs);
  pipeline.replay(await core.events.readBack(from, maxReadBack));
}

/** Lets commands in; where no socket can be, the server goes on without, and says so. */
async function openControl(
  services: ControlServices,
  { configuration, log }: SiagaOptions,
  onStop: (stop: () => unknown) => void,
): Promise<void> {
  const path = socketPathOf(configuration.dataDir);
  const warn = (detail: string): void => log({ level: 'warn', event: 'control:missing', detail });
  if (path === null)
    return warn(
      `commands can't reach this server: the path of its socket in ${configuration.dataDir} would be longer than ${maxSocketPathBytes} bytes`,
    );
  try {
    const control = await openControlSocket(path, services);
    onStop(() => Promise.race([control.close(), after(stopWithinMs)]));
  } catch (error) {
    warn(`commands can't reach this server: ${String(error)}`);
  }
}

function every(callback: () => void, ms: number): { cancel(): void } {
  const timer = setInterval(callback, ms);
  return { cancel: () => clearInterval(timer) };
}

/** Resolves after so many ms, without keeping the process alive. */
const after = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref());
