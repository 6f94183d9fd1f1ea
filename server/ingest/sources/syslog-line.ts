const lineFeed = 10;
/** How rsyslog writes a line feed within a message: `#` and the octal number. */
const escapedLineFeed = Buffer.from('#012');

/**
 * One message as one line, without line end; empty when nothing is in it. A NUL and a line feed at its end are dropped, line feeds within
 * become `#012` as rsyslog writes them, all other bytes stay.
 */
export function oneLine(message: Uint8Array): Uint8Array {
  let end = message.length;
  if (message[end - 1] === 0) end -= 1;
  if (message[end - 1] === lineFeed) end -= 1;
  const line = message.subarray(0, end);
  return line.includes(lineFeed) ? escaped(line) : line;
}

function escaped(line: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (let end = line.indexOf(lineFeed); end >= 0; end = line.indexOf(lineFeed, at)) {
    parts.push(line.subarray(at, end), escapedLineFeed);
    at = end + 1;
  }
  return Buffer.concat([...parts, line.subarray(at)]);
}
