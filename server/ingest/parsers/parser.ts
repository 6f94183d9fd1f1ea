import type { FieldMapping, SourceFormat } from '../../config/configuration.ts';
import type { Zone } from '../../config/zone.ts';
import type { SiagaEvent } from '../../../shared/event/fields.ts';

/** What a line itself doesn't say and a parser may need. */
export interface ParseContext {
  /** When the line arrived, epoch ms; 0 where nobody knows. It decides the year of a time without one. */
  receivedAt: number;
  /** Of times that name no offset. */
  readonly zone: Zone;
  /** Where `nginx-json` finds fields that go by names of the source's own. */
  readonly fields: FieldMapping;
}

/** Fills `event` from one line and says `null`, or why it can't; then what it wrote is discarded. Never throws. */
export type Parse = (line: string, event: SiagaEvent, context: ParseContext) => string | null;

/** How one format is read. The raw line, times of arrival, sequence and source are the pipeline's to fill, not the parser's. */
export interface Parser {
  readonly format: Exclude<SourceFormat, 'auto' | 'syslog'>;
  readonly parse: Parse;
}

/** Makes an event of a line, or says why it can't. Never throws. */
export type ReadLine = (line: string, context: ParseContext) => SiagaEvent | string;
