import { describe, expect, it } from 'vitest';
import { createPseudonyms } from '../../../server/personal/pseudonyms.ts';
import { createPersonalViews } from '../../../server/personal/view.ts';
import { wallAlerts } from '../../../client/wall/wall-alerts.ts';
import type { WallFacts } from '../../../client/wall/wall-facts.ts';
import { wallFigures } from '../../../client/wall/wall-figures.ts';
import { wallHeader } from '../../../client/wall/wall-header.ts';
import { wallTiles } from '../../../client/wall/wall-tiles.ts';
import { snapshotSchema } from '../../../shared/live/protocol.ts';
import { languages } from '../../../shared/i18n/catalogue.ts';
import { createTranslator } from '../../../shared/i18n/translate.ts';
import { wallDetails, type WallDetail } from '../../../shared/api/tokens.ts';
import { alertOf, factsOf, frameOf, now, parties, ruleOf } from './wall-fixtures.ts';

const views = createPersonalViews(createPseudonyms(Buffer.alloc(32, 7)), parties);
const viewAt = (detail: WallDetail) => views.of({ grants: {}, detail });

const alerts = [
  alertOf('a', { createdAt: now - 1_000 }),
  alertOf('b', { key: { 'organization.id': 'PX-99' }, parties: ['PX-99', 'P03'] }),
  alertOf('c', { severity: 'high', key: { 'siaga.source': 'nginx-2' }, parties: ['P03', 'P12'] }),
  alertOf('d', { severity: 'high', key: { 'siaga.source': 'nginx-2', 'url.path': '/x' }, parties: [] }),
];
const flood = Array.from({ length: 12 }, (_, index) =>
  alertOf(`f${index}`, { createdAt: now - 30_000, rule: ruleOf(index % 2 ? 'Tebak sandi' : 'Pindai') }),
);
const frame = frameOf({
  partyFailures: { P07: 145, P12: 40, 'PX-99': 900 },
  coverage: [
    { kind: 'source-silent', source: 'nginx-2', since: now - 60_000 },
    { kind: 'store-failing', since: 5 },
    { kind: 'detector-capped', rule: 'r1' },
    { kind: 'detector-capped', rule: 'r2' },
  ],
});

/** All that the wall says of these facts. */
const drawn = (facts: WallFacts, language: 'id' | 'en') => {
  const translator = createTranslator(language);
  return {
    header: wallHeader(facts, translator),
    figures: wallFigures(facts, translator),
    tiles: wallTiles(facts, translator),
    alerts: facts.detail === 'figures' ? null : wallAlerts(facts, translator),
  };
};

const cases = wallDetails.flatMap((detail) =>
  languages.flatMap((language) =>
    Object.entries({ few: alerts, flood, none: [] }).map(([name, list]) => ({
      detail,
      language,
      name,
      list,
    })),
  ),
);

describe('what leaves for a wall', () => {
  it.each(cases)('draws the same at $detail in $language with $name', ({ detail, language, list }) => {
    const view = viewAt(detail);
    const before = factsOf({
      detail,
      frame,
      alerts: detail === 'figures' ? [] : list,
      openAlerts: detail === 'figures' ? 0 : list.length,
    });
    const after = { ...before, frame: view.frame(frame), alerts: before.alerts.map(view.alert) };
    expect(drawn(after, language)).toEqual(drawn(before, language));
  });

  it('says that somebody has an alert, and not who', () => {
    const owned = alertOf('a', { owner: 'sari.dewi' });
    const of = (language: 'id' | 'en') =>
      drawn(factsOf({ alerts: [viewAt('full').alert(owned)], openAlerts: 1 }), language).alerts?.rows[0]
        ?.detail;
    expect([of('id'), of('en')]).toEqual(['P07 · 4 m · ditangani', 'P07 · 4 m · owned']);
  });

  it.each(wallDetails)('is a snapshot that a browser takes, at %s without what nobody sees', (detail) => {
    const series = {
      bucketMs: 1_000,
      at: [1],
      success: [5],
      failure: [2],
      blocked: [1],
      events: [9],
      heard: [1],
    };
    const told = viewAt(detail).snapshot({
      now,
      mode: 'simulation',
      version: '1',
      parties: parties.map((party) => ({ ...party, accounts: 4 })),
      frame: frameOf({ topFailures: [['203.0.113.9', 4]], logins: { success: 7, failure: 2, blocked: 1 } }),
      recent: series,
      alerts,
      openAlerts: 4,
      missed: [],
      alertCursor: 12,
    });
    expect(snapshotSchema.parse(told)).toEqual(told);
    expect(told.recent).toEqual({ ...series, success: [], events: [] });
    expect(told.parties[0]).toEqual({ ...parties[0], expectedSince: '1970-01-01' });
    expect(told.frame).toMatchObject({
      topFailures: [],
      events: 0,
      logins: { success: 0, failure: 2, blocked: 1 },
    });
    const isOpen = detail !== 'figures';
    expect([told.openAlerts, told.alertCursor, told.alerts?.length]).toEqual(isOpen ? [4, 12, 4] : [0, 0, 0]);
  });
});
