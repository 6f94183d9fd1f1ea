import * as z from 'zod/mini';

export const partyKinds = ['national', 'aceh'] as const;

/** One party of the commission's register. */
export const partySchema = z.object({
  id: z
    .string()
    .check(
      z.regex(/^[A-Za-z0-9._-]{1,40}$/, 'expected 1 to 40 letters, digits, dots, dashes or underscores'),
    ),
  name: z.string().check(z.minLength(1), z.maxLength(120)),
  kind: z.enum(partyKinds),
  /** Ballot number, or the number on the register; unique within its kind. */
  number: z.int().check(z.minimum(1), z.maximum(999)),
  /** The day from which its account must be present, `YYYY-MM-DD`. */
  expectedSince: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date, YYYY-MM-DD')),
  /** How many accounts the commission registered for it; absent when the register doesn't say. */
  accounts: z.optional(z.int().check(z.minimum(1), z.maximum(1_000))),
});

export type Party = z.infer<typeof partySchema>;

/** One account that the commission registered, from the register of accounts. */
export const registeredAccountSchema = z.object({
  /** Id of a party of the register. */
  party: z.string(),
  /** Exactly as the application names it in its events. */
  user: z.string().check(z.minLength(1), z.maxLength(200)),
  /** What it may do, in the commission's words; `null` when not said. */
  role: z.nullable(z.string().check(z.minLength(1), z.maxLength(80))),
  /** More than one person is meant to use it. */
  shared: z.boolean(),
});

export type RegisteredAccount = z.infer<typeof registeredAccountSchema>;

/** Two characters for a tile: `07` for a national party, `A4` for an Aceh local one. */
export function partyTile(party: Pick<Party, 'kind' | 'number'>): string {
  return party.kind === 'aceh' ? `A${party.number}` : String(party.number).padStart(2, '0');
}
