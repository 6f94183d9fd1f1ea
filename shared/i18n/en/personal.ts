import type { personal as source } from '../id/personal.ts';

export const personal = {
  'personal.pseudonym':
    'A pseudonym: an address or account name that you may not see. The same value always has the same pseudonym.',
  'personal.withheld': 'withheld',
  'personal.withheld.why': 'It may hold personal data, which you may not see.',
  'personal.search.hint': 'field:value, or a pseudonym such as ip-…',
  'personal.detail.raw': 'Raw line, masked',
  'personal.refused':
    'This is personal data. Without the permission for it, search by pseudonym; raw lines can’t be searched.',
  'export.csv': 'Export CSV',
  'export.ndjson': 'NDJSON',
  'export.hint': 'The newest {max} events at most; the export is noted in the audit log. TLP:AMBER.',
} as const satisfies Record<keyof typeof source, string>;
