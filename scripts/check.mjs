import { ensureInstalled, must, tool } from './project.mjs';

const checks = [
  ['types', 'tsc', ['-p', 'tsconfig.json', '--noEmit']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'prettier', ['--check', '--log-level=warn', '.']],
  [
    'dependency directions',
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', 'server', 'shared', 'client'],
  ],
  ['dead code', 'knip', ['--no-config-hints']],
];

/** Type check, lint, format, dependency directions and dead code; throws at the first that fails. */
export async function check() {
  for (const [what, name, args] of checks) {
    const started = performance.now();
    must(what, await tool(name, args));
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    console.log('✓ %s (%s s)', what, seconds);
  }
  return checks.length;
}

if (process.argv[1]?.endsWith('check.mjs')) {
  await ensureInstalled();
  await check().catch((error) => {
    console.error(`✗ ${error.message}`);
    process.exitCode = 1;
  });
}
