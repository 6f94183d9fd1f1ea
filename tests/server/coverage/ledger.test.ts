import { describe, expect, it } from 'vitest';
import { createLedger, type ExpectedSource, type ReceivedLines } from '../../../server/coverage/ledger.ts';
import { usualFailures } from '../../../server/coverage/usual-range.ts';

const source = (fields: Partial<ExpectedSource> = {}): ExpectedSource => ({
  id: 'web',
  kind: 'file',
  expectEveryMs: 30_000,
  fault: () => null,
  behind: () => null,
  ...fields,
});

const lines = (fields: Partial<ReceivedLines>): ReceivedLines => ({
  received: 0,
  unparsed: 0,
  late: 0,
  newest: null,
  ...fields,
});

function start(...sources: ExpectedSource[]) {
  let now = 1_000_000;
  const ledger = createLedger({ sources, startedAt: now, now: () => now });
  return { ledger, pass: (ms: number) => void (now += ms) };
}

describe('the ledger', () => {
  it('balances at every moment: received = stored + rejected + pending', () => {
    const { ledger } = start(source());
    ledger.receive('web', lines({ received: 10, unparsed: 2, late: 3 }));
    ledger.reject('web', 1);
    ledger.store('web', 7);
    ledger.repeat('web', 5);
    expect(ledger.health()).toMatchObject([
      {
        received: 11,
        pending: 3,
        totals: { received: 11, stored: 7, unparsed: 2, rejected: 1, late: 3, duplicate: 5 },
      },
    ]);
  });

  it('counts a source that came up later, and never calls it silent', () => {
    const { ledger, pass } = start(source({ expectEveryMs: null }));
    expect(() => ledger.receive('import', lines({ received: 1 }))).toThrow('no such source');
    const imported = source({ id: 'import', kind: 'import', expectEveryMs: null });
    ledger.expect(imported);
    ledger.receive('import', lines({ received: 2 }));
    ledger.expect(imported);
    pass(86_400_000);
    expect(ledger.health()).toMatchObject([
      { id: 'web' },
      { id: 'import', kind: 'import', received: 2, pending: 2, silent: false },
    ]);
  });

  it('tells how many came since it was asked last', () => {
    const { ledger } = start(source());
    ledger.receive('web', lines({ received: 10 }));
    expect(ledger.health()[0]?.received).toBe(10);
    expect(ledger.health()[0]?.received).toBe(0);
  });

  it('calls a source silent once it is quiet for longer than it may be, from the start on too', () => {
    const { ledger, pass } = start(source());
    pass(30_000);
    expect(ledger.holes(ledger.health())).toEqual([]);
    pass(1);
    expect(ledger.holes(ledger.health())).toEqual([{ kind: 'source-silent', source: 'web', since: null }]);
    ledger.receive('web', lines({ received: 1 }));
    expect(ledger.holes(ledger.health())).toEqual([]);
  });

  it('never calls a source silent that may be quiet', () => {
    const { ledger, pass } = start(source({ expectEveryMs: null }));
    pass(86_400_000);
    expect(ledger.holes(ledger.health())).toEqual([]);
  });

  it('shows a fault of a source as a hole', () => {
    const { ledger } = start(source({ fault: () => 'missing' }));
    expect(ledger.holes(ledger.health())).toEqual([{ kind: 'source-fault', source: 'web' }]);
  });
});

describe('the usual range of failures a minute', () => {
  const minutes = (failures: number[], heard = failures.map(() => 60)) => ({
    bucketMs: 60_000,
    at: failures.map((_failure, index) => index * 60_000),
    success: failures.map(() => 0),
    failure: failures,
    blocked: failures.map(() => 0),
    events: failures.map(() => 5),
    heard,
  });

  it('is unknown before an hour was heard', () => {
    expect(usualFailures(minutes(Array.from({ length: 59 }, () => 4)))).toBeNull();
  });

  it('goes from the 10th to the 90th percentile of the minutes heard', () => {
    const failures = Array.from({ length: 101 }, (_value, index) => index);
    expect(usualFailures(minutes(failures))).toEqual([10, 90]);
  });

  it('does not count minutes of which less than half was heard as quiet ones', () => {
    const failures = [...Array.from({ length: 60 }, () => 50), ...Array.from({ length: 600 }, () => 0)];
    const heard = failures.map((failure, index) => (failure > 0 ? 30 : index % 30));
    expect(usualFailures(minutes(failures, heard))).toEqual([50, 50]);
  });
});
