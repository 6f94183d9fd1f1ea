import { spawnSync } from 'node:child_process';
import { root } from './project.mjs';

/**
 * Asks the registry for advisories about what ships. Exit code 1: there are some of level high or above; 0: there are none, or the
 * registry doesn't answer such questions, which is said in one line: nothing is known then but what tests/security/advisories.json says.
 */
const timeoutMs = 120_000;
const { stdout } = spawnSync('npm', ['audit', '--omit', 'dev', '--audit-level', 'high', '--json'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  timeout: timeoutMs,
});
const answer = read(stdout);
const counts = countsOf(answer);
if (counts === null) {
  console.log('NOT ANSWERED (%s): nothing is known but tests/security/advisories.json.', reasonOf(answer));
} else {
  console.log('Advisories by level: %s', JSON.stringify(counts));
  for (const { name, severity, title, url } of findingsOf(answer))
    console.log('%s: %s, %s %s', severity, name, title, url);
  process.exitCode = counts.high + counts.critical > 0 ? 1 : 0;
}

function read(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** `null` unless the answer says how many there are of each level: an answer of another form is none. */
function countsOf({ auditReportVersion, metadata }) {
  const { high, critical } = metadata?.vulnerabilities ?? {};
  const isReport = auditReportVersion === 2 && Number.isInteger(high) && Number.isInteger(critical);
  return isReport ? metadata.vulnerabilities : null;
}

/** Advisories of level high or above. */
function findingsOf({ vulnerabilities = {} }) {
  const own = Object.values(vulnerabilities).flatMap(({ via = [] }) => via);
  return own.filter(({ severity }) => severity === 'high' || severity === 'critical');
}

function reasonOf({ statusCode, message, error }) {
  const reason = message ?? error?.summary ?? 'no answer in JSON';
  return String(statusCode ?? reason).slice(0, 200);
}
