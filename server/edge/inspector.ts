import { url } from 'node:inspector';

/** Why a process that can be debugged from outside must not run in production; `null` when it can't be. */
export const inspectorProblem = (mode: 'simulation' | 'production'): string | null =>
  mode === 'production' && url() !== undefined
    ? "Node's inspector is on (--inspect), and whoever reaches it owns the process; start without it"
    : null;
