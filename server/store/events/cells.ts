/** Bytes that a writer begins with room for; it grows as it must. */
const firstCapacity = 4 * 1_048_576;
/** Texts up to this length are written character by character: shorter than the way into the runtime. */
const shortText = 40;
/** Most bytes that the length of a text takes. */
const longestLength = 5;

const float = new DataView(new ArrayBuffer(4));
const beyondBytes = /[^\0-\xff]/;

/** Writes cells of ClickHouse's RowBinary (little-endian, texts behind their length as LEB128), one after the other. */
export class Cells {
  private buffer = Buffer.alloc(0);
  private at = 0;
  /** Bytes of what was taken last: the next is often as long. */
  private last = 0;

  /** Bytes written. */
  size(): number {
    return this.at;
  }

  u8(value: number): void {
    this.need(1);
    this.buffer[this.at++] = value;
  }

  u16(value: number): void {
    this.u8(value);
    this.u8(value >>> 8);
  }

  u32(value: number): void {
    this.need(4);
    const { buffer, at } = this;
    buffer[at] = value;
    buffer[at + 1] = value >>> 8;
    buffer[at + 2] = value >>> 16;
    buffer[at + 3] = value >>> 24;
    this.at = at + 4;
  }

  /** Any whole number that a JavaScript number holds, signed or not, as 64 bits. */
  i64(value: number): void {
    this.u32(value >>> 0);
    this.u32(Math.floor(value / 4_294_967_296) >>> 0);
  }

  f32(value: number): void {
    float.setFloat32(0, value, true);
    this.u32(float.getUint32(0, true));
  }

  length(value: number): void {
    this.need(longestLength);
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.buffer[this.at++] = (rest & 127) | 128;
    this.buffer[this.at++] = rest;
  }

  /** As UTF-8; `null` is the empty text. */
  text(value: string | null): void {
    if (value === null) return this.u8(0);
    // A character of a JavaScript string takes at most three bytes.
    this.need(value.length * 3 + longestLength);
    if (value.length <= shortText && this.shortAscii(value)) return;
    const wide = lengthOfLength(value.length);
    const start = this.at + wide;
    const written = this.buffer.write(value, start, 'utf8');
    // Of ASCII, which most texts are, the length was known before.
    if (lengthOfLength(written) !== wide)
      this.buffer.copyWithin(this.at + lengthOfLength(written), start, start + written);
    this.length(written);
    this.at += written;
  }

  /** Each character stands for one byte; with one beyond 255 in it, as `text`. */
  bytes(value: string | null): void {
    if (value === null) return this.u8(0);
    const raw = Buffer.from(value, beyondBytes.test(value) ? 'utf8' : 'latin1');
    this.need(raw.length + longestLength);
    this.length(raw.length);
    this.buffer.set(raw, this.at);
    this.at += raw.length;
  }

  /** What was written; the next cell begins anew. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(this.buffer.buffer, 0, this.at);
    this.buffer = Buffer.alloc(0);
    this.last = this.at;
    this.at = 0;
    return taken;
  }

  /** False, and nothing is written, when a character takes more than a byte. */
  private shortAscii(value: string): boolean {
    const { buffer, at } = this;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 127) return false;
      buffer[at + 1 + index] = code;
    }
    buffer[at] = value.length;
    this.at = at + 1 + value.length;
    return true;
  }

  private need(room: number): void {
    if (this.at + room > this.buffer.length) this.grow(room);
  }

  private grow(room: number): void {
    const { buffer, last, at } = this;
    const capacity = buffer.length === 0 ? last + last / 8 : buffer.length * 2;
    const larger = Buffer.from(new ArrayBuffer(Math.max(firstCapacity, Math.ceil(capacity), at + room)));
    larger.set(buffer.subarray(0, at));
    this.buffer = larger;
  }
}

/** Bytes that a length takes. */
function lengthOfLength(value: number): number {
  if (value < 128) return 1;
  if (value < 16_384) return 2;
  return value < 2_097_152 ? 3 : 4;
}
