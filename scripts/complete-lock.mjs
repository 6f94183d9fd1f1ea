import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.mjs';

/**
 * Completes package-lock.json with the binaries of other platforms. What the registry doesn't serve npm leaves out of the lockfile,
 * and `npm ci` then refuses it everywhere. First npm is asked again for all that has no checksum; what it still doesn't know is
 * added without one. Run it after each change of dependencies.
 */
const systems = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'win32',
  android: 'android',
  freebsd: 'freebsd',
  openharmony: 'openharmony',
};
const processors = {
  arm64: 'arm64',
  x64: 'x64',
  ia32: 'ia32',
  arm: 'arm',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
};

function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.map((word) => systems[word]).find(Boolean);
  const cpu = words.map((word) => processors[word]).find(Boolean);
  if (!os || !cpu) return null;
  const libc =
    words.at(-1) === 'musl' ? { libc: ['musl'] } : words.at(-1) === 'gnu' ? { libc: ['glibc'] } : {};
  return { os: [os], cpu: [cpu], ...libc };
}

const file = join(root, 'package-lock.json');
const write = (content) => writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
const read = () => JSON.parse(readFileSync(file, 'utf8'));

const known = read();
const isSure = ([path, { integrity, link }]) => path === '' || link || integrity;
known.packages = Object.fromEntries(Object.entries(known.packages).filter(isSure));
write(known);
execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});

const lock = read();
let added = 0;
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    const platform = platformOf(name);
    if (lock.packages[key] || !platform || !/^\d/.test(version)) continue;
    const dev = entry.dev ? { dev: true } : {};
    lock.packages[key] = { version, ...platform, ...dev, optional: true };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
write(lock);
console.log(`${added} packages of other platforms added to package-lock.json, without a checksum`);
