import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { projectRoot } from '../../server/project-root.ts';

const packageSchema = z.object({
  version: z.optional(z.string()),
  dev: z.optional(z.boolean()),
  resolved: z.optional(z.string()),
  integrity: z.optional(z.string()),
  link: z.optional(z.boolean()),
  optional: z.optional(z.boolean()),
  os: z.optional(z.array(z.string())),
  cpu: z.optional(z.array(z.string())),
  hasInstallScript: z.optional(z.boolean()),
});
const lockSchema = z.object({ packages: z.record(z.string(), packageSchema) });
const advisoriesSchema = z.object({
  dated: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/)),
  note: z.string(),
  advisories: z.array(
    z.strictObject({ id: z.string(), package: z.string(), fixed: z.array(z.string()).check(z.minLength(1)) }),
  ),
});

const scriptsSchema = z.object({ scripts: z.record(z.string(), z.string()) });

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(projectRoot, path), 'utf8'));
const { packages } = lockSchema.parse(readJson('package-lock.json'));
const { advisories } = advisoriesSchema.parse(readJson('tests/security/advisories.json'));

const numbersOf = (version: string): number[] => version.split('-')[0]?.split('.').map(Number) ?? [];

function compare(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

/** Fixed is what is at least the newest fix, or at least the fix of its own line of release. */
function isFixed(version: string, fixed: readonly string[]): boolean {
  const newest = fixed.toSorted(compare).at(-1) ?? version;
  const line = numbersOf(version).slice(0, 2).join('.');
  const own = fixed.find((one) => numbersOf(one).slice(0, 2).join('.') === line);
  return compare(version, newest) >= 0 || (own !== undefined && compare(version, own) >= 0);
}

const lockedOf = (name: string): string[] =>
  Object.entries(packages).flatMap(([path, { version }]) =>
    path.endsWith(`node_modules/${name}`) && version !== undefined ? [version] : [],
  );

describe('the judgement of a version', () => {
  it.each([
    ['8.21.3', ['7.4.6', '8.17.1'], true],
    ['8.17.0', ['7.4.6', '8.17.1'], false],
    ['7.4.6', ['7.4.6', '8.17.1'], true],
    ['7.4.5', ['7.4.6', '8.17.1'], false],
    ['7.3.9', ['7.4.6', '8.17.1'], false],
  ])('%s against %j: %s', (version, fixed, verdict) => {
    expect(isFixed(version, fixed)).toBe(verdict);
  });
});

describe('what the lock file names', () => {
  it.each(advisories)('is not affected by $id of $package', ({ package: name, fixed }) => {
    expect(lockedOf(name).filter((version) => !isFixed(version, fixed))).toEqual([]);
  });

  it('has the packages that the advisories are about', () => {
    const absent = new Set(
      advisories.map((one) => one.package).filter((name) => lockedOf(name).length === 0),
    );
    expect([...absent]).toEqual([]);
  });

  it('comes from the registry, and what is installed has its checksum', () => {
    const odd = Object.entries(packages).filter(
      ([path, { resolved, integrity, link }]) =>
        path !== '' &&
        !link &&
        existsSync(join(projectRoot, path)) &&
        (integrity?.startsWith('sha512-') !== true ||
          (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'))),
    );
    expect(odd.map(([path]) => path)).toEqual([]);
  });

  it('has a checksum for everything but the binaries of other platforms that docs/security.md names', () => {
    const unsure = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && !integrity);
    for (const [path, { optional, os = [], cpu = [], version, resolved }] of unsure) {
      expect([path, optional, os.length, cpu.length]).toEqual([path, true, 1, 1]);
      // The registry is asked for exactly this version, wherever `npm ci` runs.
      expect([path, version, resolved]).toEqual([path, expect.stringMatching(/^\d/), undefined]);
      expect([path, os, cpu]).not.toEqual([path, ['linux'], ['x64']]);
    }
    const security = readFileSync(join(projectRoot, 'docs', 'security.md'), 'utf8');
    const line = security.split('\n').find((each) => each.includes('have no checksum'));
    const named = [...(line ?? '').matchAll(/`(@[^`]+)`/g)].map(([, name]) => `node_modules/${name}`);
    expect(named.toSorted()).toEqual(unsure.map(([path]) => path).toSorted());
  });

  it('needs no script at its installation: the only one does nothing', () => {
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    expect(scripted.map(([path]) => path)).toEqual(['node_modules/chdb']);
    const { scripts } = scriptsSchema.parse(readJson('node_modules/chdb/package.json'));
    expect(['preinstall', 'install', 'postinstall'].map((name) => scripts[name])).toEqual([
      undefined,
      'node -e ""',
      undefined,
    ]);
  });
});
