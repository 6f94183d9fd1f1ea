import { accountOf, provesAccount } from '../../shared/event/account.ts';
import type { SiagaEvent } from '../../shared/event/fields.ts';
import type { Party } from '../../shared/party.ts';
import type { LoginRecognition } from '../config/configuration.ts';
import { detach } from '../detach.ts';
import type { AddressLookup } from './address-lookup.ts';
import { createAgentClassifier } from './client-class.ts';
import { recogniseLogin } from './login-recognition.ts';

/** Adds what can be known without asking anybody: login, party and its kind, class of the client, country and network of its address. */
export type Enrich = (event: SiagaEvent, logins: LoginRecognition | null) => void;

export interface EnricherOptions {
  readonly parties: readonly Party[];
  /** Account name to party id, as learnt before. */
  readonly accounts: Iterable<readonly [string, string]>;
  /** Without it no country and no network is added. */
  readonly lookUp?: AddressLookup;
}

/** Accounts whose party is remembered; beyond it no new ones are learnt. */
export const maxLearntAccounts = 100_000;

export function createEnricher({ parties, accounts, lookUp }: EnricherOptions): Enrich {
  const kinds = new Map(parties.map((party) => [party.id, party.kind]));
  const partyOfAccount = new Map<string, string>(accounts);
  const classify = createAgentClassifier();

  const addParty = (event: SiagaEvent): void => {
    const account = accountOf(event);
    if (event['organization.id'] === null) {
      event['organization.id'] = account === null ? null : (partyOfAccount.get(account) ?? null);
    } else if (account !== null && provesAccount(event) && !partyOfAccount.has(account)) {
      if (partyOfAccount.size < maxLearntAccounts)
        partyOfAccount.set(detach(account), detach(event['organization.id']));
    }
    const party = event['organization.id'];
    if (party !== null) event['siaga.party.kind'] = kinds.get(party) ?? 'unknown';
  };

  return (event, logins) => {
    if (event['event.dataset'] === 'unparsed') return;
    if (logins !== null && event['event.dataset'] === 'access') recogniseLogin(event, logins);
    addParty(event);
    if (lookUp !== undefined) addAddressFacts(event, lookUp);
    if (event['event.dataset'] === 'access')
      event['siaga.client.class'] = classify(event['user_agent.original']);
  };
}

/** What the source says of the address itself stays as it is. */
function addAddressFacts(event: SiagaEvent, lookUp: AddressLookup): void {
  const address = event['source.ip'];
  if (address === null) return;
  const { country, network } = lookUp(address);
  if (country !== null) event['source.geo.country_iso_code'] ??= country;
  if (network === null || event['source.as.number'] !== null) return;
  event['source.as.number'] = network.number;
  event['source.as.organization.name'] = network.organization;
}
