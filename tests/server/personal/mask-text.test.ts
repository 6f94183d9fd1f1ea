import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFreeOfPersonal, maskLine, maskText } from '../../../server/personal/mask-text.ts';
import { nothingOwn, spellOwn } from '../../../server/personal/own-spellings.ts';
import { withheldText } from '../../../shared/event/personal-fields.ts';

const ownValues = [
  { value: '203.0.113.97', pseudonym: 'ip-a' },
  { value: '2001:db8::beef:7', pseudonym: 'ip-b' },
  { value: 'Siti.Rahma', pseudonym: 'acct-c' },
  { value: 'wayan@kpu.example', pseudonym: 'acct-d' },
];
const own = spellOwn(ownValues);

/** Decoded as far as anything decodes, in small letters, and of digits their plain form. */
function laidBare(text: string): string {
  let bare = text;
  for (let round = 0; round < 8; round += 1) {
    bare = bare
      .replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString())
      .replaceAll(/\\x([0-9a-f]{2})|\\u00([0-9a-f]{2})/gi, (_all, a?: string, b?: string) =>
        String.fromCharCode(Number.parseInt(a ?? b ?? '', 16)),
      )
      .replaceAll(/&#x([0-9a-f]+);/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))
      .normalize('NFKC')
      .replaceAll(/[\p{Cf}\p{Cc}]/gu, '');
  }
  return bare.toLowerCase();
}

const secrets = [
  '203.0.113.97',
  '203-0-113-97',
  '3405803873',
  'cb007161',
  '2001:db8',
  '20010db8',
  '198.51.100',
  'beef',
  'siti',
  'rahma',
  'wayan',
  'korban',
];

const hostile: [string, string][] = [
  ['an own address', 'GET /?ip=203.0.113.97 HTTP/1.1'],
  ['percent signs', '/x/203%2E0%2e113%2E97'],
  ['percent signs all over', '/x/%32%30%33%2e%30%2e%31%31%33%2e%39%37'],
  ['percent signs twice', '/x/203%252E0%252E113%252E97'],
  ['percent signs four times', '/x/203%252525252E0.113.97'],
  ['X-Forwarded-For', 'X-Forwarded-For: 198.51.100.23, 203.0.113.97'],
  ['dashes of a host name', 'client-203-0-113-97.isp.example'],
  ['padding', '203.000.113.097'],
  ['brackets against links', '203[.]0[.]113[.]97'],
  ['an IPv4-mapped address', '::ffff:203.0.113.97'],
  ['an IPv4-mapped address in hex', '::FFFF:cb00:7161'],
  ['a number', 'http://3405803873/'],
  ['a hex number', 'http://0xCB007161/'],
  ['IPv6 in capitals', '2001:DB8::BEEF:7'],
  ['IPv6 not compressed', '2001:0db8:0000:0000:0000:0000:beef:0007'],
  ['IPv6 in half', '2001:db8:0:0::beef:7'],
  ['IPv6 with port', '[2001:db8::beef:7]:443'],
  ['IPv6 with zone', '2001:db8::beef:7%eth0'],
  ['IPv6 in percent signs', '2001%3Adb8%3A%3Abeef%3A7'],
  ['IPv6 without colons', '20010db80000000000000000beef0007'],
  ['another IPv6 address', 'from 2001:db8:1:2:3:4:5:6'],
  ['digits before it', 'x1203.0.113.97 and 1198.51.100.23'],
  ['the beginning of an entity', String.raw`&#203\u002e0\u002e113.97`],
  ['full width', '２０３．０．１１３．９７'],
  ['unseen characters', '203.0.\u200b113.97'],
  ['a soft hyphen', 'si\u00adti.rahma'],
  ['entities', '203&#46;0&#x2e;113&period;97'],
  ['escapes', String.raw`203\x2e0\x2E113\u002e97`],
  ['an own name in capitals', '/users/SITI.RAHMA/edit'],
  ['an own name with dots in percent signs', '/users/siti%2Erahma'],
  ['an own name in letters of percent signs', '/users/%73iti.rahma'],
  ['the first part of an own e-mail', '/home/wayan/'],
  ['an e-mail', 'reply to korban@partai.example'],
  ['an e-mail in percent signs', 'reply=korban%40partai.example'],
  ['an e-mail in full width', 'korban＠partai.example'],
  ['nothing but an at', '@korban@partai.example'],
];

describe('a masked text', () => {
  test.each(hostile)('shows nothing of %s', (_what, text) => {
    const bare = laidBare(maskText(text, own));
    for (const secret of secrets) expect(bare).not.toContain(secret);
  });

  test('shows no own value however it is wrapped, up to what it can look through', () => {
    const percent = (text: string): string =>
      text.replaceAll(
        /[^%]|%/gu,
        (one) =>
          `%${Buffer.from(one)
            .toString('hex')
            .replaceAll(/(..)(?=.)/g, '$1%')}`,
      );
    const wraps: ((text: string) => string)[] = [
      (text) => text,
      encodeURIComponent,
      percent,
      (text) => text.toUpperCase(),
      (text) => text.replaceAll('.', '%2E'),
      (text) => text.replaceAll(':', '&#58;'),
      (text) => text.replaceAll('.', String.raw`\u002e`),
      (text) => Array.from(text).join('\u200b'),
    ];
    const secret = fc.constantFrom('203.0.113.97', '2001:db8::beef:7', 'siti.rahma', 'wayan@kpu.example');
    const wrapped = fc.tuple(
      fc.string(),
      secret,
      fc.array(fc.constantFrom(...wraps), { maxLength: 6 }),
      fc.string(),
    );
    fc.assert(
      fc.property(wrapped, ([before, value, ways, after]) => {
        const text = before + ways.reduce<string>((inner, wrap) => wrap(inner), value) + after;
        const bare = laidBare(maskText(text, own));
        for (const each of ['203.0.113.97', '2001:db8::beef:7', 'siti.rahma', 'wayan'])
          expect(bare).not.toContain(each);
      }),
      { numRuns: 2_000 },
    );
  });

  test('keeps what names nobody', () => {
    for (const text of [
      '/login',
      '/wp-admin/setup-config.php',
      '/a%20b/%2e%2e/etc/passwd',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
      'at 13:55:36',
      '/2026/11/24/kpu',
      'café',
    ]) {
      expect(maskText(text, own)).toBe(text);
      expect(isFreeOfPersonal(text)).toBe(true);
    }
  });

  test('shows own values by their pseudonym, and others not: their sender would learn theirs', () => {
    expect(maskText('/u/Siti.Rahma/203.0.113.97', own)).toBe('/u/acct-c/ip-a');
    expect(maskText('/u/198.51.100.7', own)).toBe('/u/[ip]');
    expect(maskText('/u/198.51.100.7')).toBe('/u/[ip]');
  });

  test('finds a short name where it stands alone only', () => {
    const budi = spellOwn([{ value: 'bu', pseudonym: 'acct-x' }]);
    expect(maskText('/bu/buku', budi)).toBe('/acct-x/buku');
  });

  test('replaces no part of a pseudonym', () => {
    const tricky = spellOwn([
      ...ownValues,
      { value: 'acct', pseudonym: 'acct-t' },
      { value: 'ip', pseudonym: 'acct-u' },
    ]);
    expect(maskText('/Siti.Rahma/acct/203.0.113.97', tricky)).toBe('/acct-c/acct-t/ip-a');
  });

  test('is withheld when it is too long to be looked through', () => {
    expect(maskText('a'.repeat(5_000))).toBe(withheldText);
  });

  test('takes no longer for a text made to be slow', () => {
    const started = performance.now();
    for (const piece of ['a', '1.', 'f:', '@', '%41', '%25', '&#', '-1', 'a@'])
      maskText(piece.repeat(4_096 / piece.length), own);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('a masked line', () => {
  const shown = ['GET', '/login', '200', 'curl/8.5.0', 'access'];

  test.each(hostile)('shows nothing of %s', (_what, text) => {
    const line = `203.0.113.97 - Siti.Rahma [24/Nov/2026:10:00:00 +0700] "GET /login?${text} HTTP/1.1" 200 12 "${text}" "curl/8.5.0"`;
    const bare = laidBare(maskLine(line, own, shown));
    for (const secret of secrets) expect(bare).not.toContain(secret);
  });

  test('keeps the words that the fields show', () => {
    const line =
      '203.0.113.97 - Siti.Rahma [24/Nov/2026:10:00:00 +0700] "GET /login?nik=32 HTTP/1.1" 200 12 "-" "curl/8.5.0"';
    const masked = maskLine(line, own, shown);
    expect(masked).toMatch(/^ip-a - acct-c \[…/);
    expect(masked).toContain('curl/8.5.0');
    expect(masked).not.toMatch(/nik|32|Nov/);
  });

  test('keeps no word of a line that nobody could read', () => {
    expect(maskLine('login by korban failed', nothingOwn, [])).toBe('… … … …');
  });
});

describe('own values', () => {
  const atom = fc.constantFrom(
    '203.0.113.97',
    '3405803873',
    'cb007161',
    '2001:db8::beef:7',
    'SITI',
    'rahma',
    '.',
    'wayan',
    '@kpu',
    '.example',
    'bu',
    'B',
    'u',
    '42',
    '4',
    ' ',
    '/',
    '"',
    '-',
  );
  const values = fc.subarray([
    ...ownValues,
    { value: 'bu', pseudonym: 'acct-e' },
    { value: '42', pseudonym: 'acct-f' },
    { value: 'KPU\\siti', pseudonym: 'acct-g' },
  ]);

  test('are found in ASCII at the places at which the pattern for all letters finds them', () => {
    fc.assert(
      fc.property(values, fc.array(atom, { maxLength: 14 }), (some, atoms) => {
        const text = atoms.join('');
        const spelled = spellOwn(some);
        // A letter beyond ASCII asks the pattern; behind a space it changes nothing before it.
        expect([...spelled.find(text)]).toEqual([...spelled.find(`${text} é`)]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('are found in other letters of the same kind', () => {
    const spelled = spellOwn([{ value: 'siska', pseudonym: 'acct-a' }]);
    expect([...spelled.find('/\u017Fis\u212Aa')]).toEqual([{ start: 1, end: 6, pseudonym: 'acct-a' }]);
  });
});
