import * as z from 'zod/mini';
import { permissions, tokenScopes } from '../authority.ts';

/** Bodies and answers about tokens of programs and walls. Times are epoch milliseconds; a secret is in one answer only. */

/** What people call a token or a wall: letters, digits and a few marks, nothing that hides. */
const tokenNameSchema = z
  .string()
  .check(
    z.trim(),
    z.regex(
      /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._()/-]{0,59}$/u,
      'expected 1 to 60 letters, digits or any of . _ - ( ) /',
    ),
  );
const dayMs = 86_400_000;

// tokens of programs
/** POST /api/tokens */
export const createTokenSchema = z.object({
  name: tokenNameSchema,
  scopes: z
    .array(z.enum(tokenScopes))
    .check(z.minLength(1, 'expected at least one scope'), z.maxLength(tokenScopes.length)),
  expiresInDays: z.int().check(z.minimum(1), z.maximum(365)),
});
export type CreateToken = z.infer<typeof createTokenSchema>;

export const apiTokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(tokenScopes)),
  createdAt: z.number(),
  expiresAt: z.number(),
  /** When it was used last, to the minute. */
  usedAt: z.nullable(z.number()),
});
export type ApiToken = z.infer<typeof apiTokenSchema>;
/** GET /api/tokens and /api/users/:name/tokens: those in force, newest first */
export const apiTokenListSchema = z.object({ tokens: z.array(apiTokenSchema) });
/** Answer of POST /api/tokens */
export const createdTokenSchema = z.object({ token: apiTokenSchema, secret: z.string() });

// walls
/** How much a wall shows: no alerts at all; their titles; or what they are about too. */
export const wallDetails = ['figures', 'titles', 'full'] as const;
export type WallDetail = (typeof wallDetails)[number];

const networkSchema = z.union([z.cidrv4(), z.cidrv6()], 'expected a network, such as 192.0.2.0/24');

export const wallSettingsSchema = z.object({
  diagonalInch: z.number().check(z.minimum(10), z.maximum(400)),
  /** Of the farthest reader. */
  distanceM: z.number().check(z.minimum(0.5), z.maximum(60)),
  detail: z.enum(wallDetails),
  /** Only from these networks; empty for any. */
  network: z.array(networkSchema).check(z.maxLength(8)),
});
export type WallSettings = z.infer<typeof wallSettingsSchema>;

/** POST /api/walls */
export const createWallSchema = z.object({
  name: tokenNameSchema,
  diagonalInch: wallSettingsSchema.shape.diagonalInch,
  distanceM: wallSettingsSchema.shape.distanceM,
  detail: wallSettingsSchema.shape.detail,
  network: z._default(wallSettingsSchema.shape.network, []),
  /** Without one it ends when it is revoked. */
  expiresAt: z._default(z.nullable(z.int()), null),
});
export type CreateWall = z.infer<typeof createWallSchema>;

/** PATCH /api/walls/:id: at least one of them; the address and the end stay as they are. */
export const changeWallSchema = z
  .partial(
    z.strictObject({
      name: tokenNameSchema,
      diagonalInch: wallSettingsSchema.shape.diagonalInch,
      distanceM: wallSettingsSchema.shape.distanceM,
      detail: wallSettingsSchema.shape.detail,
      network: wallSettingsSchema.shape.network,
    }),
  )
  .check(z.refine((changes) => Object.keys(changes).length > 0, 'expected something to change'));
export type ChangeWall = z.infer<typeof changeWallSchema>;

/** What became of who made a wall: still in charge of it, without the right to it by now, or disabled or no user any more. */
export const wallMakers = ['in-charge', 'without-rights', 'gone'] as const;

export const wallSchema = z.object({
  id: z.string(),
  name: z.string(),
  agency: z.string(),
  /** Who made it. It belongs to the agency, whatever becomes of them. */
  owner: z.string(),
  maker: z.enum(wallMakers),
  settings: wallSettingsSchema,
  /** `waiting` until a screen opened its address. */
  state: z.enum(['waiting', 'on', 'ended']),
  createdAt: z.number(),
  expiresAt: z.nullable(z.number()),
  /** When it was used last, to the minute. */
  usedAt: z.nullable(z.number()),
});
export type Wall = z.infer<typeof wallSchema>;
/** Answer of PATCH /api/walls/:id */
export const wallAnswerSchema = z.object({ wall: wallSchema });
/** GET /api/walls: newest first, ended ones for 30 days */
export const wallListSchema = z.object({ walls: z.array(wallSchema) });
/** Answer of POST /api/walls; `address` is a path whose fragment holds the token, so that no log of a proxy ever sees it. */
export const createdWallSchema = z.object({ wall: wallSchema, address: z.string() });

/** POST /api/wall-session */
export const openWallSchema = z.object({ token: z.string().check(z.maxLength(200)) });
/** Answer of POST and GET /api/wall-session */
export const wallSessionSchema = z.object({
  name: z.string(),
  settings: z.omit(wallSettingsSchema, { network: true }),
  grants: z.partialRecord(z.enum(permissions), z.enum(['all', 'agency'])),
  expiresAt: z.nullable(z.number()),
});
export type WallSession = z.infer<typeof wallSessionSchema>;

/** Longest a wall may be set to last, ms. */
export const maxWallLifeMs = 5 * 365 * dayMs;
