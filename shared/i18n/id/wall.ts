/** The wall display: short forms. */
export const wall = {
  'wall.title': 'Dinding',
} as const;
