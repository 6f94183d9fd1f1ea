import { readFileSync, writeFileSync } from 'node:fs';

function statusOf(pid: number, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!found) throw new Error(`/proc/${pid}/status tells no ${name}`);
  return Number(found[1]) / 1_024;
}

/** Resident memory of a process now, MiB. */
export const residentOf = (pid: number): number => statusOf(pid, 'VmRSS');

/** The highest resident memory of a process while `work` ran, MiB, as the kernel has it: no peak is missed. */
export async function peakDuring(pid: number, work: () => Promise<unknown>): Promise<number> {
  // Sets the highest value back to the one of now (proc_pid_clear_refs(5)).
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  await work();
  return statusOf(pid, 'VmHWM');
}
