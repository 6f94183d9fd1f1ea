import { readFileSync } from 'node:fs';
import { Reader, type Response } from 'maxmind';
import type { AutonomousSystem } from './network-table.ts';

/** A record of an `.mmdb` file: whatever its maker put there. */
export type MmdbRecord = Readonly<Record<string, unknown>> | null;

/** Answers from an `.mmdb` file, which is kept in memory; throws when it can't be read or is none. */
export function openMmdb(path: string): (address: string) => MmdbRecord {
  const reader = new Reader<Response>(readFileSync(path), { cache: new Map() });
  return (address) => {
    const record: unknown = reader.get(address);
    return isRecord(record) ? record : null;
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/**
 * The country's code in a record as MaxMind and DB-IP (`country.iso_code`, else `registered_country.iso_code`), ip-location-db
 * (`country_code`) and IPinfo (`country_code` or `country`) write it; `null` when it has none of two letters.
 */
export function countryIn(record: MmdbRecord): string | null {
  if (record === null) return null;
  const { country, registered_country: registered } = record;
  const candidates = [
    isRecord(country) ? country['iso_code'] : country,
    isRecord(registered) ? registered['iso_code'] : null,
    record['country_code'],
  ];
  const code = candidates.find((value) => typeof value === 'string' && /^[A-Za-z]{2}$/.test(value));
  return typeof code === 'string' ? code.toUpperCase() : null;
}

/**
 * The autonomous system in a record as MaxMind, DB-IP and ip-location-db (`autonomous_system_number`, `…_organization`) and
 * IPinfo (`asn` as `AS64496`, `as_name`) write it; `null` when it has no number.
 */
export function systemIn(record: MmdbRecord): AutonomousSystem | null {
  if (record === null) return null;
  const number = numberIn(record['autonomous_system_number'] ?? record['asn']);
  if (number === null) return null;
  const name = record['autonomous_system_organization'] ?? record['as_name'] ?? record['name'];
  return { number, organization: typeof name === 'string' && name !== '' ? name : null };
}

function numberIn(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value.replace(/^AS/i, '')) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < 2 ** 32
    ? number
    : null;
}
