const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `0 B`, `1,5 MiB`: the largest unit with at least one of it. */
export function formatBytes(bytes: number, formatNumber: (value: number) => string): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${formatNumber(bytes / 1_024 ** power)} ${units[power]}`;
}
