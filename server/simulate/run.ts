import { setTimeout as sleep } from 'node:timers/promises';
import type { Configuration } from '../config/configuration.ts';
import { demoLogPath, simulationSources } from '../config/simulation.ts';
import { openDemoLog, type DemoLog } from './demo-log.ts';
import { createEventPoster } from './event-poster.ts';
import { createSimulator } from './simulator.ts';

/** What the simulation says of itself, in the form of the server's log. */
interface Complaint {
  readonly level: 'warn';
  readonly event: string;
  readonly detail: string;
}

export interface SimulationOptions {
  readonly configuration: Pick<Configuration, 'dataDir' | 'parties'>;
  /** Address of the running server, `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Bearer token of the source `sipol`. */
  readonly token: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: (complaint: Complaint) => void;
  /** What the traffic follows from; another with each start unless given. */
  readonly seed?: number;
  /** Calls back again and again until stopped; each 250 ms unless given. */
  readonly every?: (callback: () => void) => { stop(): void };
}

export interface RunningSimulation {
  /** Ends the traffic; resolves once nothing is under way. */
  stop(): Promise<void>;
}

const tickEveryMs = 250;
/** Lines that wait for the demo log at most; some minutes of traffic. */
const maxWaitingLines = 10_000;

/**
 * Lets imagined traffic come in as real traffic does: the access log through a file that is followed, the application's
 * events over HTTP. Rejects when the demo log can't be made.
 */
export async function startSimulation(options: SimulationOptions): Promise<RunningSimulation> {
  const { configuration, now, log } = options;
  const startMs = now();
  const demoLog = await openDemoLog(demoLogPath(configuration.dataDir));
  const simulator = createSimulator({
    seed: options.seed ?? startMs,
    parties: configuration.parties,
    startMs,
  });
  const complain = (detail: string): void => log({ level: 'warn', event: 'simulation:hindered', detail });
  const poster = createEventPoster({
    address: `${reachable(options.url)}/ingest/v1/${simulationSources.accounts}`,
    token: options.token,
    post: fetch,
    wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
    complain,
  });
  const write = createLogWriter(demoLog, complain);
  const tick = (): void => {
    const at = now();
    const { accessLines, events } = simulator.tick(at);
    poster.add(events);
    write.add(accessLines, at);
  };
  const ticking = (options.every ?? everyTick)(tick);
  return {
    async stop() {
      ticking.stop();
      await write.settled();
      await poster.stop();
    },
  };
}

/** Appends to the log one call at a time; what doesn't fit while a call is under way is left out. */
function createLogWriter(demoLog: DemoLog, complain: (detail: string) => void) {
  let appending: Promise<void> | null = null;
  let waiting: string[] = [];
  let complaint = '';
  const append = async (lines: readonly string[], at: number): Promise<void> => {
    try {
      await demoLog.append(lines, at);
      complaint = '';
    } catch (error) {
      const detail = `the demo log can't be written: ${String(error)}`;
      if (detail !== complaint) complain(detail);
      complaint = detail;
    }
  };
  return {
    settled: async (): Promise<void> => void (await appending),
    add(lines: readonly string[], at: number): void {
      waiting.push(...lines.slice(0, maxWaitingLines - waiting.length));
      if (appending !== null) return;
      const batch = waiting;
      waiting = [];
      appending = append(batch, at).finally(() => {
        appending = null;
      });
    },
  };
}

function everyTick(callback: () => void): { stop(): void } {
  const timer = setInterval(callback, tickEveryMs);
  return { stop: () => clearInterval(timer) };
}

/** An address that means every interface is no address to call. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}
