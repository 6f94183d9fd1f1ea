import { describe, expect, it } from 'vitest';
import { configurationOf, loadYaml, problemsOf } from './load.ts';

const source = (rest: string) =>
  `parties: parties.csv\nsources:\n  - id: a\n    kind: file\n    path: a.log\n${rest}`;

describe('how the lines of a source are read', () => {
  it('is its format, its zone, and where its JSON has the fields', () => {
    const yaml = source(
      '    format: nginx-json\n    zone: Asia/Jakarta\n    fields: { source.ip: client.addr, url.original: req }\n',
    );
    expect(configurationOf(loadYaml(yaml)).sources).toMatchObject([
      {
        format: 'nginx-json',
        zone: 'Asia/Jakarta',
        fields: [
          ['source.ip', 'client.addr'],
          ['url.original', 'req'],
        ],
      },
    ]);
  });

  it('says neither zone nor fields unless it was told', () => {
    const [read] = configurationOf(loadYaml(source('    format: haproxy\n'))).sources;
    expect(Object.keys(read ?? {})).not.toContain('zone');
    expect(Object.keys(read ?? {})).not.toContain('fields');
  });

  it.each([
    [
      'a zone there is not',
      '    zone: Asia/Atlantis\n',
      'siaga.yaml:6: sources[0].zone: found "Asia/Atlantis", expected a time zone like Asia/Jakarta or +07:00',
    ],
    [
      'a zone that is a number',
      '    zone: 7\n',
      'siaga.yaml:6: sources[0].zone: found number 7, expected a time zone like Asia/Jakarta or +07:00',
    ],
    [
      'fields of another format',
      '    format: combined\n    fields: { source.ip: addr }\n',
      'siaga.yaml:7: sources[0].fields: found fields, expected them only with format: nginx-json',
    ],
    [
      'fields that are a list',
      '    format: nginx-json\n    fields: [source.ip]\n',
      'siaga.yaml:7: sources[0].fields: found a list, expected a mapping of fields to keys',
    ],
    [
      'a field that there is not',
      '    format: nginx-json\n    fields: { source.ipp: addr }\n',
      'siaga.yaml:7: sources[0].fields["source.ipp"]: unknown field, did you mean source.ip?',
    ],
    [
      'a field that Siaga alone says',
      '    format: nginx-json\n    fields:\n      event.dataset: kind\n',
      'siaga.yaml:8: sources[0].fields["event.dataset"]: found a field that Siaga alone says, expected another',
    ],
    [
      'a key that is empty',
      '    format: nginx-json\n    fields:\n      source.ip: a..b\n',
      'siaga.yaml:8: sources[0].fields["source.ip"]: found "a..b", expected a key of the JSON object, or keys joined by dots, 6 at most',
    ],
    [
      'a key that is too deep',
      '    format: nginx-json\n    fields:\n      source.ip: a.b.c.d.e.f.g\n',
      'siaga.yaml:8: sources[0].fields["source.ip"]: found "a.b.c.d.e.f.g", expected a key of the JSON object, or keys joined by dots, 6 at most',
    ],
    [
      'a prototype',
      '    format: nginx-json\n    fields:\n      __proto__: a\n',
      'siaga.yaml:8: sources[0].fields.__proto__: unknown field,',
    ],
  ])('%s is refused', (_title, rest, problem) => {
    const problems = problemsOf(loadYaml(source(rest)));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(problem)).toBe(true);
  });
});
