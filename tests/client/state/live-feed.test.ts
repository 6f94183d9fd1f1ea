import { describe, expect, test, vi } from 'vitest';
import type { AlertChange } from '../../../shared/alert.ts';
import { fakeLive, fakeLiveWith, framesOf, settle } from '../fake-connection.ts';
import { alertOf, changeOf, closedOf, frameOf, snapshotOf, start } from '../live-samples.ts';

const state = (live: ReturnType<typeof fakeLive>) => live.feed.store.getState();

describe('subscribing', () => {
  test('asks with nothing known at first, and is live with the snapshot', async () => {
    const live = await fakeLiveWith({ alerts: [alertOf('a')], openAlerts: 1 });
    expect(live.subscribed).toEqual([{ frameSeq: null, alertCursor: null }]);
    expect(state(live)).toMatchObject({ status: 'live', mode: 'simulation', openAlerts: 1 });
    expect(state(live).frame?.seq).toBe(10);
  });

  test('orders the register: nationals by number, then Aceh', async () => {
    const live = await fakeLiveWith();
    expect(state(live).parties.map(({ id }) => id)).toEqual(['P02', 'P07', 'ACEH-1']);
  });

  test('comes back with the numbers it has', async () => {
    const live = await fakeLiveWith();
    live.server.lost();
    expect(state(live).status).toBe('lost');
    live.server.connected();
    await settle();
    expect(live.subscribed.at(-1)).toEqual({ frameSeq: 10, alertCursor: 5 });
    expect(state(live).status).toBe('live');
  });

  test.each([
    ['a refusal', { error: { code: 'unavailable', message: 'try again' } }],
    ['an answer of another form', { now: 'soon' }],
    ['silence', new Error('timeout')],
  ])('asks again later after %s', async (_, answer) => {
    const live = fakeLive();
    live.answer(answer);
    live.server.connected();
    await settle();
    expect(state(live).status).toBe('connecting');
    live.waits[0]?.();
    await settle();
    expect(live.subscribed).toHaveLength(2);
    expect(state(live).status).toBe('live');
  });

  test('ignores the answer to a question that a newer one replaced', async () => {
    const live = fakeLive();
    let answerLate: (snapshot: unknown) => void = () => undefined;
    live.answer(new Promise((resolve) => (answerLate = resolve)));
    live.answer(snapshotOf({ frame: frameOf(20) }));
    live.server.connected();
    live.server.lost();
    live.server.connected();
    await settle();
    answerLate(snapshotOf({ frame: frameOf(11) }));
    await settle();
    expect(state(live).frame?.seq).toBe(20);
  });

  test('closing ends the connection', async () => {
    const live = await fakeLiveWith();
    live.close();
    expect(live.closed()).toBe(1);
  });
});

describe('frames', () => {
  test('one after the other are taken without asking', async () => {
    const live = await fakeLiveWith();
    for (const frame of framesOf(11, 13)) live.server.frame(frame);
    expect(state(live).frame?.seq).toBe(13);
    expect(live.resyncs).toEqual([]);
    expect(live.feed.sum(3)).toMatchObject({ success: 30, failure: 6, blocked: 3, heard: 3 });
  });

  test('a jump asks for what is missing, and the answer fills the series', async () => {
    const live = await fakeLiveWith();
    live.answerResync({
      recent: {
        bucketMs: 1_000,
        at: [start + 10_000, start + 11_000],
        success: [7, 8],
        failure: [0, 0],
        blocked: [0, 0],
        events: [1, 1],
        heard: [1, 1],
      },
      frame: null,
    });
    live.server.frame(frameOf(13));
    expect(live.feed.columns(4).success).toEqual([10, null, null, 10]);
    await settle();
    expect(live.resyncs).toEqual([10]);
    expect(live.feed.columns(4).success).toEqual([10, 7, 8, 10]);
  });

  test('asks once while an answer is on its way', async () => {
    const live = await fakeLiveWith();
    live.server.frame(frameOf(13));
    live.server.frame(frameOf(16));
    await settle();
    expect(live.resyncs).toEqual([10]);
  });

  test.each([
    ['an old one', frameOf(9)],
    ['one that is no frame', { seq: 'x' }],
  ])('%s changes nothing', async (_, frame) => {
    const live = await fakeLiveWith();
    live.server.frame(frame);
    expect(state(live).frame?.seq).toBe(10);
  });

  test('those that come before the snapshot wait for it', async () => {
    const live = fakeLive();
    live.server.connected();
    live.server.frame(frameOf(11));
    await settle();
    expect(state(live).frame?.seq).toBe(11);
  });

  test('tell the canvas charts without React', async () => {
    const live = await fakeLiveWith();
    const drawn = vi.fn();
    const stop = live.feed.subscribeFrames(drawn);
    live.server.frame(frameOf(11));
    stop();
    live.server.frame(frameOf(12));
    expect(drawn).toHaveBeenCalledTimes(1);
  });
});

describe('the age of the data', () => {
  test('is unknown before the first frame', () => {
    expect(fakeLive().feed.ageMs()).toBeNull();
  });

  test("is measured on the server's clock, not ours", async () => {
    const live = fakeLive();
    live.clock.now = start - 3_600_000;
    live.answer(snapshotOf({ now: start + 12_000 }));
    live.server.connected();
    await settle();
    expect(live.feed.ageMs()).toBe(2_000);
    live.clock.now += 5_000;
    expect(live.feed.ageMs()).toBe(7_000);
  });

  test('does not hide behind a clock that was set back', async () => {
    const live = await fakeLiveWith();
    live.clock.now -= 3_600_000;
    live.server.frame(frameOf(11));
    expect(live.feed.ageMs()).toBe(0);
    live.clock.now += 4_000;
    expect(live.feed.ageMs()).toBe(4_000);
  });
});

describe('the alert log', () => {
  test('applies changes in order and counts the open ones', async () => {
    const a = alertOf('a');
    const live = await fakeLiveWith({ alerts: [a], openAlerts: 1 });
    live.server.changes([changeOf(6, alertOf('b')), changeOf(7, closedOf(a), 'closed')]);
    expect(state(live).alerts.map(({ id }) => id)).toEqual(['b']);
    expect(state(live).openAlerts).toBe(1);
    live.server.changes([changeOf(8, a, 'reopened')]);
    expect(state(live).openAlerts).toBe(2);
  });

  test('counts open alerts that it does not hold', async () => {
    const live = await fakeLiveWith({ alerts: [alertOf('a')], openAlerts: 900 });
    live.server.changes([changeOf(6, closedOf(alertOf('unseen')), 'closed')]);
    expect(state(live)).toMatchObject({ openAlerts: 899 });
  });

  test('drops a change that it has already', async () => {
    const live = await fakeLiveWith();
    live.server.changes([changeOf(5, alertOf('old')), changeOf(6, alertOf('new'))]);
    live.server.changes([changeOf(6, alertOf('new'))]);
    expect(state(live).alerts.map(({ id }) => id)).toEqual(['new']);
    expect(state(live).openAlerts).toBe(1);
  });

  test('a gap subscribes again from the cursor, and takes exactly what was missed', async () => {
    const live = await fakeLiveWith();
    const told: number[] = [];
    live.feed.subscribeChanges((changes) => told.push(...changes.map(({ seq }) => seq)));
    const missed = [6, 7, 8].map((seq) => changeOf(seq, alertOf(`a${seq}`)));
    live.answer(snapshotOf({ alerts: null, missed, openAlerts: 3, alertCursor: 8 }));
    live.server.changes([changeOf(8, alertOf('a8'))]);
    await settle();
    expect(live.subscribed.at(-1)).toEqual({ frameSeq: 10, alertCursor: 5 });
    expect(told).toEqual([6, 7, 8]);
    expect(state(live).openAlerts).toBe(3);
  });

  test('what comes while the snapshot is on its way is applied after it, once', async () => {
    const live = fakeLive();
    live.answer(snapshotOf({ alerts: [alertOf('a')], openAlerts: 1, alertCursor: 6 }));
    live.server.connected();
    live.server.changes([changeOf(6, alertOf('a')), changeOf(7, alertOf('b'))]);
    await settle();
    expect(state(live).openAlerts).toBe(2);
  });

  test('missed changes that do not meet the cursor are not believed: it asks for all', async () => {
    const live = await fakeLiveWith({ alerts: [alertOf('a')], openAlerts: 1 });
    live.answer(snapshotOf({ alerts: null, missed: [changeOf(9, alertOf('z'))], alertCursor: 9 }));
    live.answer(snapshotOf({ alerts: [alertOf('y')], openAlerts: 1, alertCursor: 9 }));
    live.server.lost();
    live.server.connected();
    await settle();
    expect(live.subscribed.at(-1)).toEqual({ frameSeq: 10, alertCursor: null });
    expect(state(live).alerts.map(({ id }) => id)).toEqual(['y']);
  });

  test('changes of another form make it ask again', async () => {
    const live = await fakeLiveWith();
    live.server.changes([{ seq: 6 }]);
    await settle();
    expect(live.subscribed).toHaveLength(2);
  });

  test('puts the worst first, then what nobody has acknowledged, then the oldest', async () => {
    const seen = { by: 'adi', at: start };
    const alerts = [
      alertOf('low', { severity: 'low' }),
      alertOf('high-seen', { acknowledged: seen, createdAt: start - 9_000 }),
      alertOf('high-new', { createdAt: start }),
      alertOf('high-old', { createdAt: start - 5_000 }),
      alertOf('critical', { severity: 'critical' }),
    ];
    const live = await fakeLiveWith({ alerts, openAlerts: 5 });
    expect(state(live).alerts.map(({ id }) => id)).toEqual([
      'critical',
      'high-old',
      'high-new',
      'high-seen',
      'low',
    ]);
  });

  test('never holds more than a bounded number, and keeps the worst', async () => {
    const live = await fakeLiveWith();
    const flood: AlertChange[] = Array.from({ length: 1_200 }, (_, index) =>
      changeOf(6 + index, alertOf(`f${index}`, { severity: index === 0 ? 'critical' : 'low' })),
    );
    live.server.changes(flood);
    expect(state(live).alerts.length).toBeLessThanOrEqual(1_000);
    expect(state(live).alerts[0]?.id).toBe('f0');
    expect(state(live).openAlerts).toBe(1_200);
  });
});

describe('the end of the session', () => {
  test('is final and raises a doubt', async () => {
    const live = await fakeLiveWith();
    live.server.ended();
    live.server.lost();
    expect(state(live).status).toBe('signed-out');
    expect(live.doubts()).toBe(1);
  });

  test('a refused connection is lost, and raises a doubt', async () => {
    const live = await fakeLiveWith();
    live.server.refused();
    expect(state(live).status).toBe('lost');
    expect(live.doubts()).toBe(1);
  });
});
