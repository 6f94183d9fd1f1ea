import * as z from 'zod/mini';
import type { Log } from '../api/services.ts';
import type { Configuration } from '../config/configuration.ts';
import { openCore } from '../core.ts';
import { balance, type LedgerQuery } from '../coverage/balance.ts';
import { startPipeline, type PipelineHost } from '../pipeline/host.ts';
import { pipelineSetup } from '../pipeline-setup.ts';
import { createWaysIn } from '../ways-in.ts';
import { answerCall, importedFileSchema } from './calls.ts';
import type { Control } from './control.ts';
import { createControlServices } from './services.ts';

const stopWithinMs = 10_000;

export interface LocalControlParts {
  readonly configuration: Configuration;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Opens the stores of a data folder that no server runs on, and answers the same calls. Nothing is heard and nothing is judged.
 * Rejects when another process has the folder.
 */
export async function openLocalControl(parts: LocalControlParts): Promise<Control> {
  const { configuration, now } = parts;
  const stops: (() => unknown)[] = [];
  const onStop = (stop: () => unknown): void => void stops.push(stop);
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const core = await openCore({ ...parts, onStop });
    const waysIn = await createWaysIn({ ...parts, core, onStop });
    const { db, events } = core;
    const { books } = waysIn;
    const { pending } = waysIn.ledger;
    const ledger = (query: LedgerQuery) => balance({ db, events, books, pending, now }, query);
    let pipeline: Promise<PipelineHost> | null = null;
    const start = async (): Promise<PipelineHost> => {
      const started = await startHistory(
        pipelineSetup(configuration, core, waysIn.lastSequence),
        waysIn,
        parts,
      );
      onStop(() => started.stop(stopWithinMs));
      return started;
    };
    const services = createControlServices({
      ...parts,
      core,
      waysIn,
      ledger,
      pipeline: () => (pipeline ??= start()),
    });
    return {
      call: (name, args) => answerCall(name, args, services),
      importFile: (file, pieces, told) =>
        services.imports.take(z.parse(importedFileSchema, file), pieces, ({ stored, unparsed }, { end }) =>
          told({ stored, unparsed, end }),
        ),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A pipeline for history alone. */
function startHistory(
  setup: Parameters<typeof startPipeline>[0]['setup'],
  waysIn: Awaited<ReturnType<typeof createWaysIn>>,
  { now }: LocalControlParts,
): Promise<PipelineHost> {
  return startPipeline({
    setup,
    writer: waysIn.writer,
    now,
    onReceived: waysIn.ledger.receive,
    onSettled: waysIn.settle,
    onDetections: () => undefined,
    onAccounts: () => undefined,
    onSecond: () => undefined,
    onFatal: (error) => {
      throw error;
    },
  });
}
