import type { wall as source } from '../id/wall.ts';

export const wall = {
  'wall.title': 'Wall',
} as const satisfies Record<keyof typeof source, string>;
