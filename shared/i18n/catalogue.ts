import { account } from './id/account.ts';
import { alerts } from './id/alerts.ts';
import { audit } from './id/audit.ts';
import { investigate } from './id/investigate.ts';
import { live } from './id/live.ts';
import { parties } from './id/parties.ts';
import { personal } from './id/personal.ts';
import { shell } from './id/shell.ts';
import { sources } from './id/sources.ts';
import { wall } from './id/wall.ts';
import { account as accountEn } from './en/account.ts';
import { walls } from './id/walls.ts';
import { alerts as alertsEn } from './en/alerts.ts';
import { audit as auditEn } from './en/audit.ts';
import { investigate as investigateEn } from './en/investigate.ts';
import { live as liveEn } from './en/live.ts';
import { parties as partiesEn } from './en/parties.ts';
import { personal as personalEn } from './en/personal.ts';
import { shell as shellEn } from './en/shell.ts';
import { sources as sourcesEn } from './en/sources.ts';
import { wall as wallEn } from './en/wall.ts';
import { walls as wallsEn } from './en/walls.ts';

/** Indonesian is the source: its keys are the keys. */
const id = {
  ...shell,
  ...live,
  ...alerts,
  ...wall,
  ...walls,
  ...investigate,
  ...parties,
  ...sources,
  ...account,
  ...audit,
  ...personal,
} as const;

/** A key of a message, such as `live.failures`. */
export type MessageKey = keyof typeof id;

/** Every message in one language; a missing key is a compile error. */
export type Catalogue = Readonly<Record<MessageKey, string>>;

const en = {
  ...shellEn,
  ...liveEn,
  ...alertsEn,
  ...wallEn,
  ...wallsEn,
  ...investigateEn,
  ...partiesEn,
  ...sourcesEn,
  ...accountEn,
  ...auditEn,
  ...personalEn,
} satisfies Catalogue;

export const languages = ['id', 'en'] as const;
export type Language = (typeof languages)[number];

/** All messages by language. */
export const catalogues: Readonly<Record<Language, Catalogue>> = { id, en };
