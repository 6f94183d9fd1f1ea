/** A time zone: the time on a wall there, as epoch ms as if it were UTC, becomes epoch ms. Of a time that comes twice the first is meant. */
export type Zone = (wallMs: number) => number;

/** The zone of a source that names none. */
export const utc: Zone = (wallMs) => wallMs;

const maxNameLength = 64;
const offsetName = /^([+-])(0\d|1[0-4]):?([0-5]\d)$/;

/** The zone of an IANA name (`Asia/Jakarta`) or an offset (`+07:00`); `null` when there is none of that name. */
export function createZone(name: string): Zone | null {
  if (name === 'UTC' || name === 'Z') return utc;
  const offset = offsetName.exec(name);
  if (offset) {
    const ms = (Number(offset[2]) * 60 + Number(offset[3])) * 60_000 * (offset[1] === '-' ? -1 : 1);
    return (wallMs) => wallMs - ms;
  }
  if (name.length > maxNameLength || !/^[A-Z]/i.test(name)) return null;
  try {
    return namedZone(name);
  } catch {
    return null;
  }
}

/** Offsets change on quarter hours, so within one the answer is known. */
const blockMs = 15 * 60_000;
const maxBlocks = 1_000;

function namedZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsetAt = (utcMs: number): number => {
    const part = new Map(format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0;
    const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return wall - Math.floor(utcMs / 1_000) * 1_000;
  };
  const known = new Map<number, number>();
  return (wallMs) => {
    const block = Math.floor(wallMs / blockMs);
    let offset = known.get(block);
    if (offset === undefined) {
      if (known.size >= maxBlocks) known.clear();
      offset = wallOffset(block * blockMs, offsetAt);
      known.set(block, offset);
    }
    return wallMs - offset;
  };
}

/** The offset that makes the wall show this time; where two do, the one before the change, which also stands for a time that is skipped. */
function wallOffset(wallMs: number, offsetAt: (utcMs: number) => number): number {
  const dayMs = 86_400_000;
  const before = offsetAt(wallMs - dayMs);
  const after = offsetAt(wallMs + dayMs);
  if (before === after) return before;
  if (offsetAt(wallMs - before) === before) return before;
  return offsetAt(wallMs - after) === after ? after : before;
}
