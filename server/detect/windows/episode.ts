import { createHash } from 'node:crypto';
import type { FieldName } from '../../../shared/event/fields.ts';
import type { Detection } from '../detection.ts';
import { addParty } from './recent-parties.ts';

/** One run of a rule on one key, from the moment it fired. */
export interface Episode {
  readonly id: string;
  readonly key: Readonly<Partial<Record<FieldName, string>>>;
  /** Hour (epoch ms / `episodeHourMs`) in which it began; it ends with it at the latest. */
  readonly hour: number;
  first: number;
  last: number;
  count: number;
  /** Replaced, never changed, so that a detection may share it. */
  parties: readonly string[];
}

/** No episode runs past a full hour (UTC): so a restart that reads back an hour finds the same episodes. */
export const episodeHourMs = 3_600_000;

export const hourOf = (time: number): number => Math.floor(time / episodeHourMs);

/** 128 bits of SHA-256 over rule, key and time, as 32 hex digits: the same for the same facts, on any machine. */
export function detectionId(ruleId: string, groupKey: string, time: number): string {
  return createHash('sha256')
    .update(JSON.stringify([ruleId, groupKey, time]))
    .digest('hex')
    .slice(0, 32);
}

/** Begins, grows and ends a rule's episodes, and says of each what is new, once. */
export interface EpisodeLog {
  begin(episode: Episode): void;
  /** Counts one more event at `time` that names `party`, or none; it is reported by the next `drain`. */
  grow(episode: Episode, time: number, party: string | null): void;
  /** Reports growth that no `drain` has reported yet; the episode won't grow again. */
  end(episode: Episode): void;
  drain(report: (detection: Detection) => void): void;
}

/** Creates the log of one rule; `report` is called at once for what begins and for the rest of what ends. */
export function createEpisodeLog(ruleId: string, report: (detection: Detection) => void): EpisodeLog {
  const grown = new Set<Episode>();
  const detection = ({ id, key, first, last, count, parties }: Episode): Detection => ({
    id,
    ruleId,
    key,
    first,
    last,
    count,
    parties,
  });
  return {
    begin(episode) {
      report(detection(episode));
    },
    grow(episode, time, party) {
      episode.count += 1;
      episode.parties = addParty(episode.parties, party);
      if (time > episode.last) episode.last = time;
      if (time < episode.first) episode.first = time;
      grown.add(episode);
    },
    end(episode) {
      if (grown.delete(episode)) report(detection(episode));
    },
    drain(toReport) {
      for (const episode of grown) toReport(detection(episode));
      grown.clear();
    },
  };
}
