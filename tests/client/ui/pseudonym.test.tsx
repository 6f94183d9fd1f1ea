import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { readTyped } from '../../../client/investigate/search-input.ts';
import { ExportLinks } from '../../../client/investigate/ExportLinks.tsx';
import { Untrusted } from '../../../client/ui/Untrusted.tsx';
import { renderScreen } from '../render.tsx';

const pseudonym = 'ip-0123456789ab';

test('a pseudonym has a sign that says what it is, for those who see no more', () => {
  const { container } = renderScreen(<Untrusted text={pseudonym} />, { role: 'viewer' });
  expect(container.querySelector('svg')).not.toBeNull();
  expect(screen.getByTitle(/^(Nama samaran|A pseudonym)/)).toHaveProperty('textContent', pseudonym);
});

test('what only looks like one has no sign for those who see all', () => {
  const { container } = renderScreen(<Untrusted text={pseudonym} />, { role: 'analyst' });
  expect(container.querySelector('svg')).toBeNull();
  expect(container.textContent).toBe(pseudonym);
});

test('what is withheld is told in a word', () => {
  const { container } = renderScreen(<Untrusted text="[withheld]" />, { role: 'viewer' });
  expect(container.textContent).toBe('disembunyikan');
});

test.each(['ip-0123456789', 'ip-0123456789abc', 'acct-0123456789il', 'x ip-0123456789ab'])(
  '%s is no pseudonym',
  (text) => {
    const { container } = renderScreen(<Untrusted text={text} />, { role: 'viewer' });
    expect(container.querySelector('svg')).toBeNull();
  },
);

test('a typed pseudonym is searched as what it stands for', () => {
  expect(readTyped(` ${pseudonym} `)).toEqual({
    kind: 'filter',
    filter: { field: 'source.ip', value: pseudonym, exclude: false },
  });
  expect(readTyped('acct-0123456789ab')).toMatchObject({ filter: { field: 'user.name' } });
});

test('the way to a file is there for those who may export, with the search in it', () => {
  const query = {
    from: 1,
    to: 2,
    filters: [{ field: 'source.ip', value: '203.0.113.9', exclude: true }],
    text: 'x',
  } as const;
  const { container, unmount } = renderScreen(<ExportLinks query={query} />, { role: 'analyst' });
  const links = [...container.querySelectorAll('a')].map((link) => link.getAttribute('href'));
  expect(links).toEqual(
    ['csv', 'ndjson'].map(
      (format) =>
        `/api/events/export?from=1&to=2&filter=%21source.ip%3A203.0.113.9&text=x&format=${format}&limit=50000`,
    ),
  );
  unmount();
  expect(renderScreen(<ExportLinks query={query} />, { role: 'viewer' }).container.textContent).toBe('');
});
