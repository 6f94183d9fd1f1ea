import { describe, expect, it } from 'vitest';
import { hostileTexts } from '../../fixtures/hostile-corpus.ts';
import { configurationOf, load, loadYaml, problemsOf, token } from './load.ts';

/** Names that are another path, another line or another name where they are used. */
const namesOfPaths = [
  '../web',
  '..',
  '.',
  './web',
  '/etc/passwd',
  'web/../../x',
  String.raw`..\web`,
  '%2e%2e%2fweb',
  'web\n{"level":"info","event":"forged"}',
  'web\r\nx',
  'web\0.log',
  'web\u2028x',
  'web log',
  '-rf',
  '~web',
  'Web',
  'wéb',
  'w'.repeat(41),
  '',
].map((text) => ({ name: JSON.stringify(text), text }));
const hostile = [...namesOfPaths, ...hostileTexts];
const idForm = /^[a-z0-9][a-z0-9._-]{0,39}$/;
/** Hostile in meaning only: letters, which are a name like any other. */
const refused = hostile.filter(({ text }) => !idForm.test(text));

const waysIn = {
  file: { path: 'a.log' },
  http: { tokenEnv: 'T' },
  syslog: { udp: '127.0.0.1:5514' },
} as const;

describe.each(Object.entries(waysIn))('S-30: the id of a source of kind %s', (kind, more) => {
  it.each(refused)('is refused at registration when it is $name', ({ text }) => {
    const source = JSON.stringify({ id: text, kind, ...more });
    const problems = problemsOf(
      loadYaml(`parties: parties.csv\nsources: [${source}]\n`, { env: { T: token } }),
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^siaga\.yaml:2: sources\[0\]\.id: found .*, expected 1 to 40 small letters/);
    // Told on one line, on which nothing acts.
    expect(problems[0]).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
  });
});

describe('S-30: the id of a file that is followed by --watch', () => {
  const fileNames = hostile.filter(({ text }) => !/[/\0]/.test(text) && !/^\.{0,2}$/.test(text));

  it.each(fileNames)('is a plain name, whatever the file is called: $name', ({ text }) => {
    const path = `/var/log/nginx/${text}`;
    const [source] = configurationOf(load(['--watch', path], { files: { [path]: '' } })).sources;
    expect(source?.id).toMatch(idForm);
    expect(source).toMatchObject({ kind: 'file', paths: [path] });
  });
});
