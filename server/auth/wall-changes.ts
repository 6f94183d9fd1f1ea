import type { ChangeWall, Wall, WallSettings } from '../../shared/api/tokens.ts';

const told = ['diagonalInch', 'distanceM', 'detail', 'network'] as const;

/** A wall's settings with those that a change names. */
export const settingsWith = (before: WallSettings, changes: ChangeWall): WallSettings => ({
  diagonalInch: changes.diagonalInch ?? before.diagonalInch,
  distanceM: changes.distanceM ?? before.distanceM,
  detail: changes.detail ?? before.detail,
  network: changes.network ?? before.network,
});

/** What of a wall's settings differs. */
const differing = (a: WallSettings, b: WallSettings) =>
  told.filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));

export const areSame = (a: WallSettings, b: WallSettings): boolean => differing(a, b).length === 0;

type Told = Partial<WallSettings & Pick<Wall, 'name'>>;

/** What a change changed, for the audit log. */
export function wallDifferences(before: Wall, after: Wall): { readonly before: Told; readonly after: Told } {
  const changed = differing(before.settings, after.settings);
  const of = ({ name, settings }: Wall): Told => ({
    ...(before.name === after.name ? {} : { name }),
    ...Object.fromEntries(changed.map((key) => [key, settings[key]])),
  });
  return { before: of(before), after: of(after) };
}
