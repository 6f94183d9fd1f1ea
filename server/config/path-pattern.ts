import { dirname } from 'node:path';
import { isDynamicPattern } from 'tinyglobby';

/** Whether the text is a pattern (`*`, `?`, `[…]`, `{a,b}`, `**`) rather than the name of one file. */
export const isPattern = (path: string): boolean => isDynamicPattern(path);

/** The folder that holds every file of a pattern, or the file's own. */
export function folderOf(pattern: string): string {
  if (!isPattern(pattern)) return dirname(pattern);
  const parts = pattern.split('/');
  const fixed = parts.slice(0, parts.findIndex(isPattern));
  return fixed.join('/') || '/';
}
