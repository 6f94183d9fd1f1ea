import { expect, it } from 'vitest';
import type { RuleInfo } from '../../../../server/detect/detection.ts';
import { readAnyRules } from '../sigma-events.ts';
import { ruleOf } from './rule-text.ts';

function infoOf(texts: string): RuleInfo | undefined {
  const { rules, problems } = readAnyRules(
    `${ruleOf('s: {a: 1}\ncondition: s').replace(/^title:.*\n/, '')}${texts}`,
  );
  expect(problems).toEqual([]);
  return rules[0]?.info;
}

it('a rule says everything in both languages', () => {
  expect(
    infoOf(`title: Password spraying from one address
siaga.title.id: Semprot sandi dari satu alamat
siaga.short: { id: Semprot sandi, en: Spraying }
description: Few passwords, many accounts.
siaga.description.id: Sedikit sandi, banyak akun.
falsepositives: [A training session.]
siaga.falsepositives.id: [Pelatihan.]
`),
  ).toMatchObject({
    title: { id: 'Semprot sandi dari satu alamat', en: 'Password spraying from one address' },
    short: { id: 'Semprot sandi', en: 'Spraying' },
    description: { id: 'Sedikit sandi, banyak akun.', en: 'Few passwords, many accounts.' },
    falsePositives: { id: ['Pelatihan.'], en: ['A training session.'] },
  });
});

it("another's rule is shown in English, with its title cut for the wall", () => {
  expect(
    infoOf(`title: Password spraying from one address
description: Few passwords, many accounts.
falsepositives: [A training session.]
`),
  ).toMatchObject({
    title: { id: 'Password spraying from one address' },
    short: { id: 'Password spraying…', en: 'Password spraying…' },
    description: { id: 'Few passwords, many accounts.', en: 'Few passwords, many accounts.' },
    falsePositives: { id: ['A training session.'], en: ['A training session.'] },
  });
});

it('a rule that says nothing of itself has no texts', () => {
  expect(infoOf('title: Probe\n')).toMatchObject({
    short: { id: 'Probe', en: 'Probe' },
    description: null,
    falsePositives: { id: [], en: [] },
    response: null,
  });
});
