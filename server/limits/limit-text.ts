import { parseDuration } from '../config/duration.ts';
import type { LimitDeclaration, LimitUnit } from './limits.ts';

const sizes = [
  ['MiB', 1_048_576],
  ['KiB', 1_024],
] as const;
const times = [
  ['m', 60_000],
  ['s', 1_000],
] as const;

const withUnit = (value: number, units: readonly (readonly [string, number])[], last: string): string => {
  const [name, each] = units.find(([, size]) => value >= size && value % size === 0) ?? [last, 1];
  return `${value / each}${name}`;
};

/** A value as the configuration writes it: `64KiB`, `30s`, `200`. */
export function printLimit(unit: LimitUnit, value: number): string {
  if (unit === 'ms') return withUnit(value, times, 'ms');
  return unit === 'bytes' ? withUnit(value, sizes, '') : String(value);
}

/** The value of a setting in the unit of its limit, or `null` when it is none: `65536`, `64KiB` for bytes; `30s` for ms; `200` for a count. */
export function parseLimit(unit: LimitUnit, given: unknown): number | null {
  if (unit === 'ms') return typeof given === 'string' ? parseDuration(given) : null;
  if (typeof given === 'number') return Number.isSafeInteger(given) ? given : null;
  const match = unit === 'bytes' && typeof given === 'string' ? /^(\d{1,9})(KiB|MiB)$/.exec(given) : null;
  if (match === null) return null;
  return Number(match[1]) * (sizes.find(([name]) => name === match[2])?.[1] ?? 1);
}

const nouns: Readonly<Record<LimitUnit, string>> = {
  bytes: 'a size',
  ms: 'a duration',
  count: 'a whole number',
};

/** What a setting may be, for who wrote something else: `a duration from 1s to 1m`. */
export const limitExpected = ({ unit, least, most }: LimitDeclaration): string =>
  `${nouns[unit]} from ${printLimit(unit, least)} to ${printLimit(unit, most)}`;
