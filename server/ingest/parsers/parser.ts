import type { SiagaEvent } from '../../../shared/event/fields.ts';

/** Fills `event` from one line and says `null`, or why it can't; then what it wrote is discarded. Never throws. */
export type Parse = (line: string, event: SiagaEvent) => string | null;

/** How one format is read. The raw line, times of arrival, sequence and source are the pipeline's to fill, not the parser's. */
export interface Parser {
  readonly format: 'combined' | 'common' | 'ecs-json' | 'otlp';
  readonly parse: Parse;
}
