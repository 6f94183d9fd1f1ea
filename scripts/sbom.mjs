import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.mjs';

/**
 * Writes sbom.cdx.json: every package that ships, as CycloneDX. The same lock file gives the same bytes: the time and the serial
 * number that npm makes up are left out or follow from the lock file.
 */
const lock = readFileSync(join(root, 'package-lock.json'));
const text = execFileSync(
  'npm',
  ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'],
  { cwd: root, maxBuffer: 64 * 1024 * 1024, encoding: 'utf8' },
);
const bill = JSON.parse(text);
const hex = createHash('sha256').update(lock).digest('hex');
// A UUID of version 8 (RFC 9562), made of the hash.
const uuid = [
  hex.slice(0, 8),
  hex.slice(8, 12),
  `8${hex.slice(13, 16)}`,
  `8${hex.slice(17, 20)}`,
  hex.slice(20, 32),
];
bill.serialNumber = `urn:uuid:${uuid.join('-')}`;
// npm names it after the folder.
Object.assign(bill.metadata.component, { name: 'siaga', type: 'application' });
delete bill.metadata.timestamp;
delete bill.metadata.tools;
const byRef = (a, b) => (a['bom-ref'] ?? a.ref).localeCompare(b['bom-ref'] ?? b.ref, 'en');
bill.components.sort(byRef);
bill.dependencies.sort(byRef);
for (const dependency of bill.dependencies) dependency.dependsOn?.sort();
const path = join(root, 'sbom.cdx.json');
writeFileSync(path, `${JSON.stringify(bill, null, 2)}\n`);
console.log('%s: %d components', path, bill.components.length);
