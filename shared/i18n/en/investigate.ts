import type { investigate as source } from '../id/investigate.ts';

export const investigate = {
  'investigate.title': 'Investigate',
} as const satisfies Record<keyof typeof source, string>;
