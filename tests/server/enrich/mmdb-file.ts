/** A value of an `.mmdb` data section: only what the tests need. */
type Value = string | number | { readonly [key: string]: Value };

const controlByte = (type: number, size: number): number[] =>
  size < 29 ? [(type << 5) | size] : [(type << 5) | 29, size - 29];

function encode(value: Value): number[] {
  if (typeof value === 'string') {
    const bytes = [...Buffer.from(value)];
    return [...controlByte(2, bytes.length), ...bytes];
  }
  if (typeof value === 'number')
    return [...controlByte(6, 4), value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const entries = Object.entries(value);
  return [
    ...controlByte(7, entries.length),
    ...entries.flatMap(([key, each]) => [...encode(key), ...encode(each)]),
  ];
}

/** An `.mmdb` file (MaxMind DB, version 2.0) of IPv4 in which every address below 128.0.0.0 has this record. */
export function mmdbFile(record: Value): Buffer {
  const nodes = 1;
  const tree = [0, 0, nodes + 16, 0, 0, nodes];
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_790_000_000,
    database_type: 'Test',
    description: {},
    ip_version: 4,
    languages: {},
    node_count: nodes,
    record_size: 24,
  });
  return Buffer.concat([
    Buffer.from(tree),
    Buffer.alloc(16),
    Buffer.from(encode(record)),
    Buffer.from('abcdef4d61784d696e642e636f6d', 'hex'),
    Buffer.from(metadata),
  ]);
}
