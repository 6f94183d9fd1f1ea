import { describe, expect, it } from 'vitest';
import { readLine } from '../../../server/pipeline/read-line.ts';
import { emptyEvent } from '../../../shared/event/empty-event.ts';

describe('a line', () => {
  it('of which a parser makes a number that no column holds is kept as not understood, and says which', () => {
    const parse = () => ({ ...emptyEvent(), 'event.dataset': 'access', 'http.response.status_code': 70_000 });
    expect(readLine(parse, 'odd', { bytes: false, length: 3, sha256: null }, 0)).toEqual({
      ...emptyEvent(),
      'event.kind': 'pipeline_error',
      'event.original': 'odd',
      'error.message': 'http.response.status_code is 70000; expected a whole number from 0 to 65535',
    });
  });
});
