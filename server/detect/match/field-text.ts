import type { FieldName, SiagaEvent } from '../../../shared/event/fields.ts';
import { createNeedleScanner, type NeedleScanner } from './needle-scanner.ts';

/** The event being judged, shared by all fields of one engine; `turn` grows with each event. */
export interface Current {
  event: SiagaEvent;
  turn: number;
}

type FieldValue = string | number | boolean | null | undefined;

/** The text of a value as Sigma compares it: `200` equals `"200"`; `null` when there is none. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return null;
}

/**
 * One field of the current event: its text, its lower-case text and the needles in it,
 * each worked out at most once an event and only when a rule asks.
 */
export class FieldText {
  readonly #current: Current;
  readonly #name: FieldName;
  readonly #groups: string[][] = [];
  #scanner: NeedleScanner | null = null;
  #found = new Uint8Array(0);
  #lower: string | null = null;
  #lowerTurn = -1;
  #scanTurn = -1;
  #scanned = false;

  constructor(current: Current, name: FieldName) {
    this.#current = current;
    this.#name = name;
  }

  value(): FieldValue {
    return this.#current.event[this.#name];
  }

  text(): string | null {
    return textOf(this.#current.event[this.#name]);
  }

  lower(): string | null {
    if (this.#lowerTurn !== this.#current.turn) {
      this.#lowerTurn = this.#current.turn;
      this.#lower = this.text()?.toLowerCase() ?? null;
    }
    return this.#lower;
  }

  /** Registers lower-case needles and returns the number to ask `containsAny` with; only before the first event. */
  addNeedles(needles: readonly string[]): number {
    this.#scanner = null;
    return this.#groups.push([...needles]) - 1;
  }

  /** Whether one of the group's needles occurs in the text, case ignored. */
  containsAny(group: number): boolean {
    if (this.#scanTurn !== this.#current.turn) this.#scan();
    if (this.#scanned) return this.#found[group] === 1;
    const lower = this.lower();
    return lower !== null && (this.#groups[group] ?? []).some((needle) => lower.includes(needle));
  }

  #scan(): void {
    this.#scanTurn = this.#current.turn;
    this.#scanner ??= this.#build();
    this.#found.fill(0);
    const text = this.text();
    this.#scanned = text === null || this.#scanner.scan(text, this.#found);
  }

  #build(): NeedleScanner {
    this.#found = new Uint8Array(this.#groups.length);
    return createNeedleScanner(this.#groups);
  }
}
