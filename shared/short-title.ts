/** Characters of a title on the wall. */
export const maxShortLength = 20;

/** A title in at most `maxShortLength` characters: whole, or cut at the end of a word where one is near, and an ellipsis. */
export function shortTitle(title: string): string {
  const characters = Array.from(title);
  if (characters.length <= maxShortLength) return title;
  const cut = characters.slice(0, maxShortLength - 1).join('');
  const atEnd = characters[maxShortLength - 1] === ' ' ? cut.length : cut.lastIndexOf(' ');
  return `${(atEnd > maxShortLength / 2 ? cut.slice(0, atEnd) : cut).trimEnd()}…`;
}
