import { fireEvent, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { App } from '../../../client/app/App.tsx';
import { administration } from '../../../client/app/administration.ts';
import { grantsOfRole } from '../../../shared/authority.ts';
import { catalogues, languages } from '../../../shared/i18n/catalogue.ts';
import { roles, type Role } from '../../../shared/role.ts';
import { serve } from '../fake-server.ts';
import { renderScreen } from '../render.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  window.history.replaceState(null, '', '/');
});

const open = async (role: Role) => {
  const body = {
    user: { name: 'sari', role, agency: 'KPU' },
    grants: grantsOfRole[role],
    due: null,
    expiresAt: 2e12,
  };
  serve({ 'GET /api/session': { status: 200, body } });
  renderScreen(<App />);
  const button = await screen.findByRole('button', { name: 'Menu pengguna sari' });
  button.focus();
  return button;
};
const entries = (button: HTMLElement): (string | null)[] =>
  [...(button.parentElement?.querySelectorAll('a, button') ?? [])]
    .slice(1)
    .map(({ textContent }) => textContent);

test.each<[Role, string[]]>([
  ['viewer', []],
  ['analyst', []],
  ['lead', ['Pengguna', 'Layar dinding', 'Audit']],
  ['admin', ['Pengguna', 'Layar dinding', 'Audit']],
])('the bar is for operations, and the menu of a %s offers to administer %j', async (role, administered) => {
  const button = await open(role);
  const bar = screen.getByRole('navigation', { name: 'Menu utama' });
  expect(
    within(bar)
      .getAllByRole('link')
      .map(({ textContent }) => textContent),
  ).toEqual(['Langsung', 'Partai', 'Selidik', 'Sumber', 'Dinding']);
  expect(button).toHaveAttribute('aria-expanded', 'false');
  await userEvent.click(button);
  expect(button).toHaveAttribute('aria-expanded', 'true');
  expect(document.getElementById(button.getAttribute('aria-controls') ?? '')).toBeVisible();
  expect(entries(button)).toEqual([...administered, 'Akun saya', 'Ganti sandi', 'Keluar']);
  const group = screen.queryByRole('navigation', { name: 'Administrasi' });
  expect(group !== null).toBe(administered.length > 0);
});

test('every screen to administer has a name in both languages, and somebody who may', () => {
  for (const { label, permission } of administration) {
    for (const language of languages) expect(catalogues[language][label]).not.toBe('');
    expect(roles.some((role) => grantsOfRole[role][permission] !== undefined)).toBe(true);
  }
});

test('goes by keyboard: Enter opens, arrows, Home and End go around, Escape closes and returns', async () => {
  const button = await open('admin');
  await userEvent.keyboard('{Enter}');
  const at = () => document.activeElement?.textContent;
  await userEvent.keyboard('{ArrowDown}');
  expect(at()).toBe('Pengguna');
  await userEvent.keyboard('{ArrowUp}');
  expect(at()).toBe('Keluar');
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  expect(at()).toBe('Layar dinding');
  await userEvent.keyboard('{End}');
  expect(at()).toBe('Keluar');
  await userEvent.keyboard('{Home}');
  expect(at()).toBe('Pengguna');
  await userEvent.keyboard('{Escape}');
  expect(button).toHaveAttribute('aria-expanded', 'false');
  expect(button).toHaveFocus();
});

test('the first step up goes to the last entry', async () => {
  await open('admin');
  await userEvent.keyboard('{Enter}{ArrowUp}');
  expect(document.activeElement).toHaveTextContent('Keluar');
});

test('Tab goes through it and out, which closes it', async () => {
  const button = await open('viewer');
  await userEvent.keyboard('{Enter}');
  for (const entry of ['Akun saya', 'Ganti sandi', 'Keluar']) {
    await userEvent.tab();
    expect(document.activeElement).toHaveTextContent(entry);
  }
  await userEvent.tab();
  expect(button).toHaveAttribute('aria-expanded', 'false');
});

test('a press elsewhere closes it', async () => {
  const button = await open('viewer');
  await userEvent.click(button);
  // What takes no focus, so that the press itself is what counts.
  fireEvent.pointerDown(document.body);
  expect(button).toHaveAttribute('aria-expanded', 'false');
});

test('says where one is, closed by its line and open by the entry; going there keeps the focus', async () => {
  const button = await open('admin');
  expect(button.className).not.toContain('here');
  await userEvent.keyboard('{Enter}{ArrowDown}{Enter}');
  expect(window.location.pathname).toBe('/users');
  expect(button).toHaveFocus();
  expect(button.className).toContain('here');
  await userEvent.keyboard('{Enter}');
  expect(screen.getByRole('link', { name: 'Pengguna' })).toHaveAttribute('aria-current', 'page');
  expect(screen.getByRole('link', { name: 'Audit' })).not.toHaveAttribute('aria-current');
});
