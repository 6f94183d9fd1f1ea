import { parseClientAddress } from '../enrich/client-address.ts';

/** One spelling for each address, without brackets and zone, an IPv4-mapped one as IPv4; `null` when the text is no address. */
export const canonicalAddress = (text: string): string | null =>
  parseClientAddress(text.replace(/^\[([^\]]*)\]$/, '$1'))?.text ?? null;
