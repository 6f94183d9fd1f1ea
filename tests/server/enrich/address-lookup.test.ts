import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAddressLookup, type AddressLookup } from '../../../server/enrich/address-lookup.ts';
import { mmdbFile } from './mmdb-file.ts';

describe('the data that comes with Siaga', () => {
  let lookUp: AddressLookup;
  beforeAll(() => {
    lookUp = openAddressLookup({ country: { kind: 'shipped' }, network: { kind: 'shipped' } });
  });

  it.each([
    ['8.8.8.8', 'US', 15_169],
    ['114.4.4.4', 'ID', 4_761],
    ['::ffff:114.4.4.4', 'ID', 4_761],
    ['2001:4860:4860::8888', 'US', 15_169],
    ['2001:4860:4860:0:0:0:0:8888%eth0', 'US', 15_169],
  ])('knows %s', (address, country, number) => {
    expect(lookUp(address)).toMatchObject({ country, network: { number } });
  });

  it('names who runs the network', () => {
    expect(lookUp('8.8.8.8').network?.organization).toBe('Google LLC');
  });

  it.each([
    ['private', '10.1.2.3'],
    ['private', '192.168.0.1'],
    ['private', 'fd00::1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '::1'],
    ['link-local', '169.254.1.1'],
    ['shared by carriers', '100.64.0.1'],
    ['for documentation', '203.0.113.9'],
    ['for documentation', '2001:db8::9'],
    ['multicast', '224.0.0.1'],
    ['no address', 'unknown'],
    ['no address', '8.8.8.8.8'],
    ['no address', '010.8.8.8'],
    ['no address', ''],
    ['no address', '1'.repeat(10_000)],
  ])('has nothing where the address is %s: %s', (_why, address) => {
    expect(lookUp(address)).toEqual({ country: null, network: null });
  });
});

describe("the operator's own files", () => {
  const folder = mkdtempSync(join(tmpdir(), 'siaga-mmdb-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const opened = (record: Parameters<typeof mmdbFile>[0]) => {
    const path = join(folder, 'own.mmdb');
    writeFileSync(path, mmdbFile(record));
    return openAddressLookup({ country: { kind: 'file', path }, network: { kind: 'file', path } });
  };

  it.each([
    ['MaxMind', { country: { iso_code: 'ID' } }, 'ID'],
    ['MaxMind, where only the registration is known', { registered_country: { iso_code: 'SG' } }, 'SG'],
    ['ip-location-db', { country_code: 'id' }, 'ID'],
    ['IPinfo', { country: 'ID', country_name: 'Indonesia' }, 'ID'],
    ['nobody', { country: { iso_code: 'Indonesia' } }, null],
  ])('are read as %s writes countries', (_maker, record, country) => {
    expect(opened(record)('8.8.8.8').country).toBe(country);
  });

  it.each([
    [
      'MaxMind',
      { autonomous_system_number: 64_496, autonomous_system_organization: 'Contoh' },
      { number: 64_496, organization: 'Contoh' },
    ],
    ['IPinfo', { asn: 'AS64496', as_name: 'Contoh' }, { number: 64_496, organization: 'Contoh' }],
    ['one who names no organisation', { asn: 'AS64496' }, { number: 64_496, organization: null }],
    ['nobody', { asn: 'none' }, null],
  ])('are read as %s writes networks', (_maker, record, network) => {
    expect(opened(record)('8.8.8.8').network).toEqual(network);
  });

  it('say nothing of addresses they leave out, nor of special ones', () => {
    const lookUp = opened({ country_code: 'ID' });
    expect([lookUp('200.1.1.1').country, lookUp('10.0.0.1').country]).toEqual([null, null]);
  });

  it('answer each address for itself, however many came before', () => {
    const lookUp = opened({ country_code: 'ID' });
    const addresses = Array.from(
      { length: 200_000 },
      (_, index) => `${index % 2 === 0 ? 8 : 200}.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    );
    const wrong = [...addresses, ...addresses.slice(0, 1_000)].filter(
      (address) => lookUp(address).country !== (address.startsWith('8.') ? 'ID' : null),
    );
    expect(wrong).toEqual([]);
  });

  it('may be none', () => {
    const lookUp = openAddressLookup({ country: { kind: 'none' }, network: { kind: 'none' } });
    expect(lookUp('8.8.8.8')).toEqual({ country: null, network: null });
  });
});
