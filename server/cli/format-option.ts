import type { SourceFormat } from '../config/configuration.ts';
import { found, unknownWord } from '../config/problem.ts';
import { sourceFormats as formats } from '../config/source-formats.ts';
import { UsageProblem } from './arguments.ts';

const isFormat = (text: string): text is SourceFormat => (formats as readonly string[]).includes(text);

/** The formats for a help text. */
export const formatWords: string = formats.join(', ');

/** The value of `--format`, `null` when it was not given; throws `UsageProblem` when there is no such format. */
export function formatOf(text: string | null): SourceFormat | null {
  if (text === null || isFormat(text)) return text;
  throw new UsageProblem(`--format: ${found(text)}: ${unknownWord('format', text, formats)}`);
}
