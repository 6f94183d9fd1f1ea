import { render } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { maxUntrustedLength, revealHidden, Untrusted } from '../../../client/ui/Untrusted.tsx';

const hidden: [string, string, string][] = [
  ['a right-to-left override', 'exe\u202Egnp', 'exe‹U+202E›gnp'],
  ['isolates', '\u2066a\u2069', '‹U+2066›a‹U+2069›'],
  ['a zero-width space', 'ad\u200Bmin', 'ad‹U+200B›min'],
  ['a zero-width joiner', 'a\u200Db', 'a‹U+200D›b'],
  ['a byte order mark', '\uFEFFroot', '‹U+FEFF›root'],
  ['a soft hyphen', 'op\u00ADerator', 'op‹U+00AD›erator'],
  ['NUL and other controls', 'a\u0000b\u0007', 'a‹U+0000›b‹U+0007›'],
  ['an ANSI escape', '\u001B[31mred', '‹U+001B›[31mred'],
  ['line ends', 'a\r\nb', 'a‹U+000D›‹U+000A›b'],
  ['a tab', 'a\tb', 'a‹U+0009›b'],
  ['a no-break space', 'a\u00A0b', 'a‹U+00A0›b'],
  ['a Hangul filler', 'a\u3164', 'a‹U+3164›'],
  ['a tag character above the first plane', 'a\u{E0041}', 'a‹U+E0041›'],
  ['half a pair', 'a\uD800', 'a‹U+D800›'],
];

test.each(hidden)('shows %s by its code point', (_, text, shown) => {
  expect(revealHidden(text)).toBe(shown);
});

test.each(['Partai Aceh', 'نص عربي', '日本語', 'é', '👍'])('leaves %s as it is', (text) => {
  expect(revealHidden(text)).toBe(text);
});

const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  'javascript:alert(1)',
  '&lt;b&gt;',
  '{{7*7}}${7*7}',
  '=HYPERLINK("http://203.0.113.9")',
  '__proto__',
];

describe('hostile text', () => {
  test.each(hostile)('%s is one text node in a bdi', (text) => {
    const { container } = render(<Untrusted text={text} />);
    const element = container.firstElementChild;
    expect(element?.tagName).toBe('BDI');
    expect(element?.children).toHaveLength(0);
    expect(element?.childNodes).toHaveLength(1);
    expect(element?.textContent).toBe(text);
    expect([...(element?.attributes ?? [])].map(({ name }) => name)).toEqual(['class']);
  });

  test('is bounded, and says how much is cut off', () => {
    const { container } = render(<Untrusted text={'x'.repeat(maxUntrustedLength + 7)} />);
    expect(container.textContent).toBe(`${'x'.repeat(maxUntrustedLength)}‹+7›`);
  });
});
