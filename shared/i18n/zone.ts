/** Indonesia's three zones and UTC as hours east of UTC; Indonesia has no daylight saving, so they are constants. */
export const zoneHours = { WIB: 7, WITA: 8, WIT: 9, UTC: 0 } as const;

export type Zone = keyof typeof zoneHours;

/** The zones in the order in which a person steps through them. */
export const zones = ['WIB', 'WITA', 'WIT', 'UTC'] as const satisfies readonly Zone[];

export const defaultZone: Zone = 'WIB';

/** IANA names of the zones, for `Intl`. */
export const zoneNames: Readonly<Record<Zone, string>> = {
  WIB: 'Asia/Jakarta',
  WITA: 'Asia/Makassar',
  WIT: 'Asia/Jayapura',
  UTC: 'UTC',
};

/** Whether `text` names a zone. */
export const isZone = (text: unknown): text is Zone =>
  typeof text === 'string' && Object.hasOwn(zoneHours, text);
