import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, ensurePrograms, tool } from './project.mjs';

/** What the browser and integration tests run for real. */
const programs = [
  { program: 'chromium', debian: 'chromium' },
  { program: 'nginx', debian: 'nginx-light' },
  { program: 'rsyslogd', debian: 'rsyslog' },
  { program: 'openssl', debian: 'openssl' },
  { program: 'logrotate', debian: 'logrotate' },
];

const outcome = await test().catch((error) => {
  console.error(`✗ ${error.message}`);
  return { passed: 0, failed: 1, skipped: 0 };
});
console.log(`\n${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`);
process.exitCode = outcome.failed === 0 ? 0 : 1;

/** Everything that must hold before a change lands; the counts are vitest's tests, and one for each check. */
async function test() {
  await ensureInstalled();
  if (!ensurePrograms(programs)) throw new Error('the tests need the programs named above');
  const { check } = await import('./check.mjs');
  const checks = await check();
  await ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'siaga-test-'));
  try {
    const report = join(folder, 'report.json');
    const code = await tool('vitest', [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    const failed = numFailedTests === 0 && code !== 0 ? 1 : numFailedTests;
    return { passed: numPassedTests + checks, failed, skipped: numPendingTests };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
