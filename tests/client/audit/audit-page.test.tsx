import { screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import AuditPage from '../../../client/audit/AuditPage.tsx';
import { changesOf } from '../../../client/audit/changes-of.ts';
import { printAuditView, readAuditView } from '../../../client/audit/url-state.ts';
import type { AuditAnswer, AuditEntry, AuditState } from '../../../shared/api/audit.ts';
import { auditActions } from '../../../shared/audit-actions.ts';
import type { Grants } from '../../../shared/authority.ts';
import { withheldText } from '../../../shared/event/personal-fields.ts';
import type { Role } from '../../../shared/role.ts';
import { fakeLiveWith } from '../fake-connection.ts';
import { frameOf } from '../live-samples.ts';
import { renderScreen } from '../render.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
});

const at = Date.UTC(2026, 10, 24, 7, 5, 12);
const entryOf = (seq: number, over: Partial<AuditEntry> = {}): AuditEntry => ({
  seq,
  at,
  actor: 'sari',
  agency: 'KPU',
  via: 'web',
  action: 'alert:closed',
  outcome: 'done',
  target: `alert a${seq}`,
  address: '192.0.2.7',
  detail: {},
  hash: 'ab'.repeat(32),
  ...over,
});
const whole: AuditState = {
  chain: { kind: 'unbroken', at, rows: 1_234 },
  heads: { kind: 'file', lastAt: at, failingSince: null, error: null, waiting: 0, dropped: 0 },
  failure: null,
};
const answerOf = (entries: AuditEntry[], over: Partial<AuditAnswer> = {}): AuditAnswer => ({
  entries,
  next: null,
  state: whole,
  ...over,
});

async function draw(
  answer: (query: URLSearchParams) => AuditAnswer,
  address = '/audit',
  role: Role = 'lead',
  grants?: Grants,
) {
  const asked: URLSearchParams[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    const url = new URL(path, 'http://siaga');
    expect(url.pathname).toBe('/api/audit');
    asked.push(url.searchParams);
    return Promise.resolve(new Response(JSON.stringify(answer(url.searchParams))));
  });
  history.replaceState(null, '', address);
  const live = await fakeLiveWith({ frame: frameOf(10) });
  renderScreen(<AuditPage />, { feed: live.feed, role, grants });
  return asked;
}

describe('the audit screen', () => {
  test('shows who did what to what, from where, in words', async () => {
    await draw(() => answerOf([entryOf(7, { outcome: 'refused' }), entryOf(6, { action: 'thing:done' })]));
    const row = (await screen.findByRole('button', { name: 'Rincian baris 7' })).closest('tr');
    expect(row).toHaveTextContent(
      /24 Nov 2026 14:05:12sariKPUperingatan ditutupalert a7192\.0\.2\.7▲ DITOLAK/,
    );
    expect(screen.getByText('thing:done')).toBeVisible();
  });

  test('says how far the chain is whole, and when a head got out', async () => {
    await draw(() => answerOf([entryOf(7)]));
    expect(
      await screen.findByText(/rantai diperiksa sampai baris 1\.234 pukul 14:05 WIB: utuh/),
    ).toBeVisible();
    expect(screen.getByText(/hash kepala dikirim/)).toBeVisible();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('raises its voice where the chain is broken, heads stay, or acts are not noted', async () => {
    const state: AuditState = {
      chain: { kind: 'broken', at, brokenAt: 88, reason: 'moved' },
      heads: { ...whole.heads, failingSince: at, error: 'answered 503\u202e', waiting: 4 },
      failure: { since: at, lost: 2 },
    };
    await draw(() => answerOf([entryOf(7)], { state }));
    const said = (await screen.findAllByRole('alert')).map(({ textContent }) => textContent);
    expect(said).toEqual([
      '▲ rantai RUSAK pada baris 88 (baris dipindah), diperiksa 14:05 WIB',
      '▲ hash kepala GAGAL dikirim sejak 24 Nov 2026 14:05:12 WIB: 4 menunggu answered 503‹U+202E›',
      '▲ 2 tindakan TIDAK tercatat sejak 24 Nov 2026 14:05:12 WIB',
    ]);
  });

  test('opens a row to what was before and after', async () => {
    const detail = {
      before: { status: 'new', owner: null },
      after: { status: 'closed', verdict: 'benign' },
      rule: 'brute-force',
    };
    await draw(() => answerOf([entryOf(7, { detail })]));
    const button = await screen.findByRole('button', { name: 'Rincian baris 7' });
    await userEvent.click(button);
    expect(button).toHaveAttribute('aria-expanded', 'true');
    const lines = screen.getAllByRole('definition').map(({ textContent }) => textContent);
    expect(lines).toEqual(['new → closed', 'null → tidak ada', 'benign', 'brute-force']);
    await userEvent.click(button);
    expect(screen.queryByRole('definition')).toBeNull();
  });

  test('shows hostile text as text, with nothing hidden', async () => {
    const evil = '<img src=x onerror=alert(1)>\u202e\u200b';
    await draw(() =>
      answerOf([
        entryOf(7, { actor: evil, target: evil, action: evil, address: evil, detail: { [evil]: { evil } } }),
      ]),
    );
    const button = await screen.findByRole('button', { name: 'Rincian baris 7' });
    await userEvent.click(button);
    expect(document.querySelector('img')).toBeNull();
    const row = button.closest('tr') ?? document.body;
    expect(within(row).getAllByText(/onerror=alert\(1\)>‹U\+202E›‹U\+200B›/)).toHaveLength(4);
    expect(document.body.textContent).not.toMatch(/[\u202e\u200b]/);
  });

  test('fetches older rows, also beyond a page without any', async () => {
    const asked = await draw((query) => {
      if (query.get('before') === null) return answerOf([], { next: 50_001 });
      return answerOf([entryOf(3)]);
    });
    expect(await screen.findByText('Belum ketemu; masih ada yang lebih lama.')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Yang lebih lama' }));
    expect(await screen.findByRole('button', { name: 'Rincian baris 3' })).toBeVisible();
    expect(asked.map((query) => query.get('before'))).toEqual([null, '50001']);
    expect(screen.queryByRole('button', { name: 'Yang lebih lama' })).toBeNull();
  });

  test('asks for what the filters say, and keeps it in the address', async () => {
    const asked = await draw(() => answerOf([]), '/audit?outcome=refused&agency=BSSN');
    await screen.findByText('Tidak ada tindakan yang cocok dalam rentang ini.');
    await userEvent.type(screen.getByLabelText('Pelaku'), 'vera');
    await userEvent.click(screen.getByRole('button', { name: 'Terapkan' }));
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(location.search).toBe('?actor=vera&agency=BSSN&outcome=refused');
    expect(Object.fromEntries(asked[1] ?? [])).toMatchObject({
      actor: 'vera',
      agency: 'BSSN',
      outcome: 'refused',
      limit: '100',
    });
    await userEvent.click(screen.getByRole('button', { name: 'Bersihkan' }));
    await vi.waitFor(() => expect(location.search).toBe(''));
  });

  test('offers acts by their words, also one that it has none for, and agencies to who sees all', async () => {
    const asked = await draw(() => answerOf([entryOf(7)]), '/audit?action=thing:done', 'admin');
    await screen.findByRole('button', { name: 'Rincian baris 7' });
    const act = screen.getByLabelText('Tindakan');
    expect(act).toHaveValue('thing:done');
    const words = within(act)
      .getAllByRole('option')
      .map(({ textContent }) => textContent);
    expect(words).toHaveLength(auditActions.length + 2);
    expect(words.slice(1)).toEqual(words.slice(1).toSorted((a, b) => a.localeCompare(b)));
    expect(screen.getByLabelText('Instansi')).toBeVisible();
    await userEvent.selectOptions(act, 'token dicabut');
    await userEvent.click(screen.getByRole('button', { name: 'Terapkan' }));
    await vi.waitFor(() => expect(asked.at(-1)?.get('action')).toBe('token:revoked'));
  });

  test('tells a lead that only the own agency is shown', async () => {
    await draw(() => answerOf([entryOf(7)]));
    expect(await screen.findByText('Hanya tindakan instansi Anda, KPU')).toBeVisible();
    expect(screen.queryByLabelText('Instansi')).toBeNull();
  });

  test('says that details are withheld where they are', async () => {
    await draw(() => answerOf([entryOf(7, { hash: withheldText })]), '/audit', 'admin', {
      'audit:read': 'agency',
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Rincian baris 7' }));
    expect(screen.getByText('Rincian dapat memuat data pribadi, yang tidak boleh Anda lihat.')).toBeVisible();
    expect(screen.getByText('disembunyikan')).toBeVisible();
  });

  test.each(['viewer', 'analyst'] as const)('asks for nothing where a %s comes to it', async (role) => {
    const asked = await draw(() => answerOf([]), '/audit', role);
    expect(screen.getByText('Layar ini untuk ketua regu dan admin.')).toBeVisible();
    expect(asked).toEqual([]);
  });
});

test('an address that makes no sense is dropped, and the rest counts', () => {
  const read = readAuditView(new URLSearchParams('?actor=&outcome=maybe&action=a:b&last=soon'));
  expect(read.view.filters).toEqual({ action: 'a:b' });
  expect(read.dropped.toSorted()).toEqual(['actor=', 'last=soon', 'outcome=maybe']);
  expect(printAuditView(read.view)).toBe('/audit?action=a%3Ab');
});

test('what differs comes before what doesn’t, and no detail is endless', () => {
  const before = { same: 1, gone: 'x', role: 'viewer' };
  const after = { same: 1, role: 'lead' };
  expect(changesOf({ before, after, leftOut: 3 })).toEqual([
    { field: 'gone', before: 'x', after: null },
    { field: 'role', before: 'viewer', after: 'lead' },
    { field: 'same', before: '1', after: '1' },
    { field: 'leftOut', before: null, after: '3' },
  ]);
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, index]));
  expect(changesOf(many)).toHaveLength(60);
});
