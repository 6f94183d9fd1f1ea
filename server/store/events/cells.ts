/** Bytes that a writer begins with room for; it grows as it must. */
const firstCapacity = 4 * 1_048_576;
/** Texts up to this length are written character by character: shorter than the way into the runtime. */
const shortText = 40;

/** Cells of ClickHouse's RowBinary (little-endian, texts behind their length as LEB128), one after the other. */
export interface Cells {
  /** Bytes written. */
  size(): number;
  u8(value: number): void;
  u16(value: number): void;
  u32(value: number): void;
  /** Any integer that a JavaScript number holds, signed or not. */
  i64(value: number): void;
  f32(value: number): void;
  length(value: number): void;
  /** As UTF-8; `null` is the empty text. */
  text(value: string | null): void;
  /** Each character stands for one byte; with one beyond 255 in it, as `text`. */
  bytes(value: string | null): void;
  /** What was written; the next cell begins anew. */
  take(): Uint8Array<ArrayBuffer>;
}

const float = new DataView(new ArrayBuffer(4));
const beyondBytes = /[^\0-\xff]/;

export function createCells(): Cells {
  let buffer = Buffer.alloc(0);
  let at = 0;
  /** Bytes of what was taken last: the next is often as long. */
  let last = 0;

  const grow = (room: number): void => {
    const capacity = buffer.length === 0 ? last + last / 8 : buffer.length * 2;
    const larger = Buffer.from(new ArrayBuffer(Math.max(firstCapacity, Math.ceil(capacity), at + room)));
    larger.set(buffer.subarray(0, at));
    buffer = larger;
  };
  const need = (room: number): void => {
    if (at + room > buffer.length) grow(room);
  };
  const u8 = (value: number): void => {
    need(1);
    buffer[at++] = value;
  };
  const u32 = (value: number): void => {
    need(4);
    buffer[at] = value;
    buffer[at + 1] = value >>> 8;
    buffer[at + 2] = value >>> 16;
    buffer[at + 3] = value >>> 24;
    at += 4;
  };
  const putLength = (value: number): void => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) buffer[at++] = (rest & 127) | 128;
    buffer[at++] = rest;
  };
  /** False when a character takes more than a byte: then nothing is written. */
  const shortAscii = (value: string): boolean => {
    const start = at + 1;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 127) return false;
      buffer[start + index] = code;
    }
    buffer[at] = value.length;
    at = start + value.length;
    return true;
  };
  const longText = (value: string): void => {
    const wide = lengthOfLength(value.length);
    const written = buffer.write(value, at + wide, 'utf8');
    // Of ASCII, which most texts are, the length was known before.
    if (lengthOfLength(written) !== wide)
      buffer.copyWithin(at + lengthOfLength(written), at + wide, at + wide + written);
    putLength(written);
    at += written;
  };
  return {
    size: () => at,
    u8,
    u16: (value) => {
      u8(value);
      u8(value >>> 8);
    },
    u32,
    i64: (value) => {
      u32(value >>> 0);
      u32(Math.floor(value / 4_294_967_296) >>> 0);
    },
    f32: (value) => {
      float.setFloat32(0, value, true);
      u32(float.getUint32(0, true));
    },
    length: (value) => {
      need(5);
      putLength(value);
    },
    text: (value) => {
      if (value === null) return u8(0);
      need(value.length * 3 + 5);
      if (value.length > shortText || !shortAscii(value)) longText(value);
    },
    bytes: (value) => {
      if (value === null) return u8(0);
      need(value.length * 3 + 5);
      const raw = Buffer.from(value, beyondBytes.test(value) ? 'utf8' : 'latin1');
      putLength(raw.length);
      buffer.set(raw, at);
      at += raw.length;
    },
    take: () => {
      const taken = new Uint8Array(buffer.buffer, 0, at);
      buffer = Buffer.alloc(0);
      last = at;
      at = 0;
      return taken;
    },
  };
}

/** Bytes that a length takes. */
function lengthOfLength(value: number): number {
  if (value < 128) return 1;
  if (value < 16_384) return 2;
  return value < 2_097_152 ? 3 : 4;
}
