import { createGrowingBytes, type GrowingBytes } from './growing-bytes.ts';

/** Why a stream can't be read on, and the beginning of what it broke off at. */
export interface FrameFault {
  readonly reason: 'frame-too-long' | 'bad-frame-length' | 'frame-cut-short';
  readonly sample: Uint8Array;
}

/**
 * Cuts a stream of syslog messages (RFC 6587) into messages, whatever pieces it comes in. The first bytes of the connection say how
 * all of it is framed: a count and a space mean octet counting, anything else lines that end with LF or NUL.
 */
export interface FrameDecoder {
  /** Takes the next bytes; after a fault it takes nothing more. */
  push(bytes: Uint8Array): FrameFault | null;
  /** The sender ended the stream in order: a last line without line end is a message, a counted frame that misses bytes a fault. */
  end(): FrameFault | null;
  /** The beginning of a frame that is not whole yet; `null` between frames. */
  begun(): Uint8Array | null;
}

/** Bytes of a refused frame that are shown. */
export const sampleBytes = 200;
/** More digits are no count, whatever follows. */
const maxCountDigits = 7;

const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const nothing = new Uint8Array(0);

interface State {
  readonly maxFrameBytes: number;
  readonly onMessage: (message: Uint8Array) => void;
  /** What came of a frame that is not whole yet. */
  readonly held: GrowingBytes;
  framing: 'unknown' | 'counted' | 'lines';
  /** Of a count that is not whole yet. */
  digits: string;
  /** Bytes that the frame misses; 0 between frames. */
  missing: number;
  isFaulty: boolean;
}

/** `onMessage` gets each message that is not empty, without its frame; when counted, it may hold line feeds. The bytes are not copied. */
export function createFrameDecoder(
  maxFrameBytes: number,
  onMessage: (message: Uint8Array) => void,
): FrameDecoder {
  const state: State = {
    maxFrameBytes,
    onMessage,
    held: createGrowingBytes(),
    framing: 'unknown',
    digits: '',
    missing: 0,
    isFaulty: false,
  };
  return {
    push: (bytes) => {
      if (state.isFaulty) return null;
      const from = state.framing === 'unknown' ? detect(state, bytes) : 0;
      if (state.framing === 'unknown') return null;
      return state.framing === 'counted' ? readCounted(state, bytes, from) : readLines(state, bytes, from);
    },
    end: () => {
      if (begun(state) === null) return null;
      if (state.framing === 'counted') return fault(state, 'frame-cut-short', nothing);
      const digits = Buffer.from(state.digits);
      state.digits = '';
      emit(state, digits);
      return null;
    },
    begun: () => begun(state),
  };
}

function begun({ held, digits, missing, isFaulty }: State): Uint8Array | null {
  if (isFaulty) return null;
  if (held.length() > 0 || missing > 0) return held.head(sampleBytes);
  return digits === '' ? null : Buffer.from(digits);
}

function fault(state: State, reason: FrameFault['reason'], rest: Uint8Array): FrameFault {
  const sample = Buffer.concat([begun(state) ?? nothing, rest.subarray(0, sampleBytes)]);
  state.isFaulty = true;
  return { reason, sample: sample.subarray(0, sampleBytes) };
}

/** Ends a frame with its last part. */
function emit({ held, onMessage }: State, last: Uint8Array): void {
  if (held.length() === 0) {
    if (last.length > 0) onMessage(last);
    return;
  }
  held.append(last);
  onMessage(held.take());
}

/** Settles the framing once the bytes that tell it are there; the index to read on from. */
function detect(state: State, bytes: Uint8Array): number {
  const { found, at } = readDigits(state, bytes, skip(state, bytes, 0));
  if (found === 'more') return at;
  state.framing = found === 'count' ? 'counted' : 'lines';
  if (state.framing === 'lines') {
    state.held.append(Buffer.from(state.digits));
    state.digits = '';
  }
  return at;
}

/** Line ends between frames belong to none: some senders put them behind counted frames too. */
function skip({ digits }: State, bytes: Uint8Array, from: number): number {
  if (digits !== '') return from;
  let at = from;
  while (bytes[at] === lineFeed || bytes[at] === 0) at += 1;
  return at;
}

/** Reads on in a count: `count` at the space behind it, `other` where it is none. */
function readDigits(
  state: State,
  bytes: Uint8Array,
  from: number,
): { found: 'count' | 'other' | 'more'; at: number } {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === space && state.digits !== '') return { found: 'count', at };
    const least = state.digits === '' ? 49 : 48;
    if (byte < least || byte > 57 || state.digits.length === maxCountDigits) return { found: 'other', at };
    state.digits += String.fromCharCode(byte);
  }
  return { found: 'more', at: bytes.length };
}

function readCounted(state: State, bytes: Uint8Array, from: number): FrameFault | null {
  for (let at = from; at < bytes.length;) {
    if (state.missing === 0) {
      const count = readDigits(state, bytes, skipAfterFrame(state, bytes, at));
      if (count.found === 'more') return null;
      if (count.found === 'other') return fault(state, 'bad-frame-length', bytes.subarray(count.at));
      if (Number(state.digits) > state.maxFrameBytes)
        return fault(state, 'frame-too-long', bytes.subarray(count.at));
      state.missing = Number(state.digits);
      state.digits = '';
      at = count.at + 1;
    }
    const part = bytes.subarray(at, at + state.missing);
    at += part.length;
    state.missing -= part.length;
    if (state.missing === 0) emit(state, part);
    else state.held.append(part);
  }
  return null;
}

function skipAfterFrame(state: State, bytes: Uint8Array, from: number): number {
  const at = skip(state, bytes, from);
  return state.digits === '' && bytes[at] === carriageReturn ? skip(state, bytes, at + 1) : at;
}

function readLines(state: State, bytes: Uint8Array, from: number): FrameFault | null {
  const nextEnd = lineEnds(bytes);
  for (let at = from; at < bytes.length;) {
    const end = nextEnd(at);
    const part = bytes.subarray(at, end);
    if (state.held.length() + part.length > state.maxFrameBytes) return fault(state, 'frame-too-long', part);
    if (end === bytes.length) state.held.append(part);
    else emit(state, part);
    at = end + 1;
  }
  return null;
}

/** Index of the next LF or NUL at or behind an index that only grows, or the length. */
function lineEnds(bytes: Uint8Array): (from: number) => number {
  const find = (byte: number, from: number): number => {
    const index = bytes.indexOf(byte, from);
    return index < 0 ? bytes.length : index;
  };
  let nul = -1;
  return (from) => {
    if (nul < from) nul = find(0, from);
    return Math.min(nul, find(lineFeed, from));
  };
}
