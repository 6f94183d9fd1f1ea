import type { TimeRange } from '../investigate/range.ts';
import { printRange, readRange } from '../investigate/url-state.ts';

/** All that decides what the sources screen shows; it lives in the address. */
export interface SourcesState {
  readonly range: TimeRange;
  /** Id of the source whose details are shown. */
  readonly source: string | null;
}

const hour = 3_600_000;
/** The presets of the screen, shortest first. */
export const sourcesPresets = [hour, 24 * hour, 7 * 24 * hour] as const;
const usual = { kind: 'last', ms: hour } as const;

/** Reads the search parameters of the address; those that make no sense are left out and named. */
export function readSourcesState(params: URLSearchParams): {
  readonly state: SourcesState;
  readonly dropped: readonly string[];
} {
  const dropped: string[] = [];
  const drop = (name: string, value: string): void => void dropped.push(`${name}=${value}`);
  const range = readRange(params, drop, usual);
  const source = params.get('source');
  if (source !== null && (source === '' || source.length > 200)) {
    drop('source', source);
    return { state: { range, source: null }, dropped };
  }
  return { state: { range, source }, dropped };
}

/** Address of the screen in a state; the opposite of `readSourcesState`. */
export function printSourcesState({ range, source }: SourcesState): string {
  const params = new URLSearchParams();
  printRange(params, range, usual);
  if (source !== null) params.set('source', source);
  const search = params.toString();
  return search ? `/sources?${search}` : '/sources';
}

/** Address of a source's details over the last hour. */
export const sourceAddress = (source: string): string => printSourcesState({ range: usual, source });
