import type { Response } from 'express';
import type { Download } from './route.ts';

/** How often a download looks whether it may go on, ms. */
const lookEveryMs = 500;
/** A reader that takes nothing for this long is given up, ms. */
export const maxStallMs = 30_000;

/**
 * Sends a file piece by piece, no faster than it is read. It breaks off, so that the reader sees that it isn't whole, once
 * `isAllowed` says no, the reader is gone or stalls, or a piece can't be had; the last is thrown on.
 */
export async function sendDownload(
  response: Response,
  download: Download,
  isAllowed: () => boolean,
): Promise<void> {
  response.status(200).set({
    'Content-Type': download.type,
    'Content-Disposition': `attachment; filename="${download.fileName}"`,
    'Cache-Control': 'no-store',
  });
  let stalledMs = 0;
  const look = setInterval(() => {
    stalledMs += lookEveryMs;
    if (!isAllowed() || stalledMs > maxStallMs) response.destroy();
  }, lookEveryMs);
  try {
    for await (const piece of download.pieces) {
      if (response.destroyed) break;
      const isTaken = response.write(piece);
      if (!isTaken) await drained(response);
      stalledMs = 0;
      if (response.destroyed) break;
    }
    if (!response.destroyed) response.end();
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    clearInterval(look);
  }
}

const drained = (response: Response): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go);
      response.off('close', go);
      resolve();
    };
    response.on('drain', go);
    response.on('close', go);
  });
