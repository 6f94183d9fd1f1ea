import { describe, expect, it } from 'vitest';
import { maxSyntaxProblems } from '../../../server/config/located-yaml.ts';
import { maxProblemsShown } from '../../../server/config/problem.ts';
import { loadYaml, problemsOf } from './load.ts';

describe('a configuration file that is no good YAML', () => {
  it('names the line of a syntax error', () => {
    expect(problemsOf(loadYaml('data: a\nserver: {port: 1\nsources: x\n'))[0]).toMatch(
      /^siaga\.yaml:[234]: \S/,
    );
  });

  it('refuses aliases that would exhaust memory', () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'l0: &l0 [x]'
        : `l${level}: &l${level} [${Array(9)
            .fill(`*l${level - 1}`)
            .join(', ')}]`,
    );
    expect(problemsOf(loadYaml(levels.join('\n')))).toEqual([
      'siaga.yaml: found more than 50 uses of aliases, expected fewer',
    ]);
  });

  it('refuses depth that would exhaust the stack', () => {
    const problems = problemsOf(loadYaml(`data: ${'['.repeat(200_000)}`));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(maxSyntaxProblems);
  });

  it('shows the first hundred of very many problems, and how many more there are', () => {
    const problems = problemsOf(loadYaml(Array.from({ length: 150 }, (_, key) => `${key}: x`).join('\n')));
    expect(problems).toHaveLength(maxProblemsShown + 1);
    // 150 keys, and neither register nor sources.
    expect(problems.at(-1)).toBe('and 52 more');
  });
});
