import type { Party } from '../../shared/party.ts';
import { placeholderAccountsOf } from '../config/placeholder-parties.ts';
import { createRandom } from './random.ts';
import { browsers } from './site.ts';

/** One imagined user of the site. */
export interface Account {
  readonly name: string;
  readonly party: Party;
  readonly role: 'operator' | 'admin';
  /** Where it usually comes from; the accounts of a party share their office's. */
  readonly address: string;
  readonly agent: string;
  /** Epoch ms up to which logins are refused; 0 when they aren't. */
  lockedUntil: number;
}

/** The users of all parties, the first of each party first in its list. */
export interface Population {
  readonly byParty: readonly { readonly party: Party; readonly accounts: readonly Account[] }[];
  /** All of the parties that may be heard from the start. */
  readonly present: readonly Account[];
  /** A party whose accounts stay away for some minutes; `null` when there is no Aceh local one. */
  readonly late: Party | null;
}

// Fixed, so that each start of the simulation has the same accounts and the list of accounts doesn't grow.
const populationSeed = 20_220_801;

const documentationNets = ['192.0.2', '198.51.100', '203.0.113'];
const firstOffice = 10;
const officesPerNet = 190;

/** The accounts that each party declares, named `operator07a` … and `admin07`; the same for the same register. */
export function createPopulation(parties: readonly Party[]): Population {
  const random = createRandom(populationSeed);
  const aceh = parties.filter(({ kind }) => kind === 'aceh');
  const late = aceh.length > 0 ? random.pick(aceh) : null;
  const byParty = parties.map((party, index) => {
    const accounts = placeholderAccountsOf(party).map(({ user, role }, own): Account => ({
      name: user,
      party,
      role,
      address: random.chance(0.8) ? officeAddress(index) : mobileAddress(index, own),
      agent: random.pick(browsers),
      lockedUntil: 0,
    }));
    return { party, accounts };
  });
  const present = byParty.filter(({ party }) => party !== late).flatMap(({ accounts }) => accounts);
  return { byParty, present, late };
}

function officeAddress(party: number): string {
  const net = documentationNets[party % documentationNets.length];
  return `${net}.${firstOffice + (Math.floor(party / documentationNets.length) % officesPerNet)}`;
}

const mobileAddress = (party: number, own: number): string =>
  `2001:db8:${(party + 1).toString(16)}::${own + 1}`;
