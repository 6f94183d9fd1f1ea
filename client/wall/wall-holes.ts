import type { Translator } from '../../shared/i18n/translate.ts';
import type { CoverageHole } from '../../shared/live/frame.ts';
import { shorten } from './wall-text.ts';

type Describe<K extends CoverageHole['kind']> = (
  hole: Extract<CoverageHole, { kind: K }>,
  now: number,
  translator: Translator,
) => HoleText;

/** What is missing, and for how long when that is known. */
export type HoleText = readonly [what: string, ...age: string[]];

const describe: { readonly [K in CoverageHole['kind']]: Describe<K> } = {
  'source-silent': ({ source, since }, now, { t, formatAge }) => {
    const name = shorten(source, 12);
    return since === null
      ? [t('wall.hole.never', { source: name })]
      : [t('wall.hole.silent', { source: name }), formatAge(now - since)];
  },
  'source-fault': ({ source }, _, { t }) => [t('wall.hole.fault', { source: shorten(source, 14) })],
  'store-failing': (_, __, { t }) => [t('wall.hole.store')],
  'ledger-off': (_, __, { t }) => [t('wall.hole.ledger')],
  'detector-capped': (_, __, { t }) => [t('wall.hole.capped')],
  'rule-faulty': (_, __, { t }) => [t('wall.hole.faulty')],
};

/** Why the picture can't be trusted, in a few words: `nginx-2 diam`, `4 m`. */
export function holeText(hole: CoverageHole, now: number, translator: Translator): HoleText {
  const say = describe[hole.kind] as (hole: CoverageHole, now: number, translator: Translator) => HoleText;
  return say(hole, now, translator);
}

/** How many sources are silent or broken. */
export const mutedSources = (holes: readonly CoverageHole[]): number =>
  new Set(holes.flatMap((hole) => ('source' in hole ? [hole.source] : []))).size;
