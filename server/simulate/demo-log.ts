import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Size at which the demo log begins anew, bytes. */
export const maxDemoLogBytes = 50 * 1024 * 1024;
/** How long nothing is appended before a new file takes its place, so that whoever follows it has read the old one. */
export const quietBeforeNewMs = 2_000;

/** The demo's access log. Calls must not overlap. */
export interface DemoLog {
  /** Appends whole lines; keeps them for the next call while a change of file is near. */
  append(lines: readonly string[], nowMs: number): Promise<void>;
}

/**
 * Begins a new, empty log at `path`. It is put in the place of the old file, not written over it, and again when it has
 * grown to `maxBytes`: a follower sees another file, as after a rotation.
 */
export async function openDemoLog(path: string, maxBytes = maxDemoLogBytes): Promise<DemoLog> {
  await mkdir(dirname(path), { recursive: true });
  await putNewFile(path);
  let size = 0;
  let lastAppendMs = 0;
  let kept: string[] = [];
  return {
    async append(lines, nowMs) {
      kept.push(...lines);
      if (kept.length === 0) return;
      if (size >= maxBytes) {
        if (nowMs - lastAppendMs < quietBeforeNewMs) return;
        await putNewFile(path);
        size = 0;
      }
      const text = `${kept.join('\n')}\n`;
      kept = [];
      await appendFile(path, text);
      size += Buffer.byteLength(text);
      lastAppendMs = nowMs;
    },
  };
}

async function putNewFile(path: string): Promise<void> {
  const next = `${path}.new`;
  await writeFile(next, '');
  await rename(next, path);
}
