import * as z from 'zod/mini';
import { languages } from '../../shared/i18n/catalogue.ts';

const themeSchema = z.enum(['dark', 'light']);
const languageSchema = z.enum(languages);

/** What a wall's address may say: `?theme=light&lang=en`; anything else is as if it weren't there. */
export interface WallSettings {
  readonly theme: z.infer<typeof themeSchema>;
  /** `null` leaves it to the preference. */
  readonly lang: z.infer<typeof languageSchema> | null;
}

/** Reads a wall's settings from the search part of its address. */
export function readWallSettings(search: string): WallSettings {
  const params = new URLSearchParams(search);
  return {
    theme: themeSchema.safeParse(params.get('theme')).data ?? 'dark',
    lang: languageSchema.safeParse(params.get('lang')).data ?? null,
  };
}

/** The width and height that the wall is drawn in, CSS px. */
export const wallWidth = 1_920;
export const wallHeight = 1_080;

/** Where the wall stands on a screen of this size: as large as fits whole, in the middle; drawn `enlargement` times larger. */
export function placement(
  width: number,
  height: number,
  enlargement = 1,
): { scale: number; x: number; y: number } {
  const fit = Math.min(width / wallWidth, height / wallHeight);
  return {
    scale: fit * enlargement,
    x: (width - wallWidth * fit) / 2,
    y: (height - wallHeight * fit) / 2,
  };
}

/** One step of the orbit against burn-in. */
export const orbitStepMs = 90_000;
const orbit = [
  [0, -6],
  [4, -4],
  [6, 0],
  [4, 4],
  [0, 6],
  [-4, 4],
  [-6, 0],
  [-4, -4],
] as const;

/** By how much the wall is shifted now, px of its own. */
export function orbitAt(now: number): readonly [number, number] {
  return orbit[Math.floor(now / orbitStepMs) % orbit.length] ?? [0, 0];
}
