/** The investigate screen. */
export const investigate = {
  'investigate.title': 'Selidik',
} as const;
