/** A copy of the text that doesn't keep the whole chunk of lines alive it may be a slice of. */
export function detach(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
