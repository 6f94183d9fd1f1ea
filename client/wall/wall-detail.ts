import { createContext, useContext } from 'react';
import type { WallDetail, WallSession } from '../../shared/api/tokens.ts';

/** What the wall of this screen is set to; `null` where a user looks at the wall. */
export const WallSettingsContext = createContext<WallSession['settings'] | null>(null);

/** A user sees all of it. */
export const useWallDetail = (): WallDetail => useContext(WallSettingsContext)?.detail ?? 'full';

/** The screen that the wall is drawn for: its smallest text has 16 arc-minutes there. */
const drawnFor = { diagonalInch: 55, distanceM: 5 };
/** More than this the wall can't be enlarged. */
const mostFarness = 1.5;

/** How many times smaller a screen looks from its farthest reader than the one that the wall is drawn for. */
export const farness = ({
  diagonalInch,
  distanceM,
}: Pick<WallSession['settings'], 'diagonalInch' | 'distanceM'>): number =>
  (distanceM / drawnFor.distanceM) * (drawnFor.diagonalInch / diagonalInch);

/** By how much the wall is drawn larger, with less on it; 1 where all of it can be read. */
export const useWallEnlargement = (): number => {
  const settings = useContext(WallSettingsContext);
  const far = settings ? farness(settings) : 1;
  return far > 1.05 ? Math.min(far, mostFarness) : 1;
};

/** The smallest diagonal, inches, on which everything can be read at that distance. */
export const leastDiagonal = (distanceM: number): number =>
  Math.ceil((distanceM / drawnFor.distanceM) * drawnFor.diagonalInch);
