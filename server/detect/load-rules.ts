import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RuleProblem } from './detection.ts';
import { readRules, type LoadedRules, type RuleFile } from './sigma/read-rules.ts';

export type { LoadedRules } from './sigma/read-rules.ts';

export interface LoadRulesOptions {
  /** Score (0 to 100) from which on an anomaly signal raises an alert: `%signal_alert_score%` in rules. */
  readonly signalAlertScore?: number;
}

export const defaultSignalAlertScore = 70;

/** Largest rule file, and most rule files in one folder. */
export const maxRuleFileBytes = 1_000_000;
export const maxRuleFiles = 10_000;

/** Folder of the rules shipped with Siaga; YAML isn't copied by a build, so it is found from the project's root. */
export const shippedRulesDir = join(projectRoot(), 'server', 'detect', 'rules');

function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no folder above this file has a package.json');
    folder = parent;
  }
  return folder;
}

/**
 * Loads every `*.yml` and `*.yaml` below the folders, in order of their names; `*.fixture.yml` are test cases and left out.
 * A folder or file that can't be read is a problem, as is a rule that is refused; everything else loads.
 */
export function loadRules(dirs: readonly string[], options: LoadRulesOptions = {}): LoadedRules {
  const score = options.signalAlertScore ?? defaultSignalAlertScore;
  const unreadable: RuleProblem[] = [];
  const files = dirs
    .flatMap((dir) => ruleFiles(dir, unreadable))
    .flatMap((file) => readFile(file, unreadable));
  const loaded = readRules(files, { placeholders: new Map([['signal_alert_score', [String(score)]]]) });
  return { ...loaded, problems: [...unreadable, ...loaded.problems] };
}

const wholeFile = (file: string, message: string): RuleProblem => ({
  file,
  line: null,
  column: null,
  message,
});
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function ruleFiles(dir: string, problems: RuleProblem[]): string[] {
  try {
    const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.ya?ml$/.test(file) && !/\.fixture\.ya?ml$/.test(file))
      .sort();
    if (files.length > maxRuleFiles) {
      problems.push(wholeFile(dir, `found ${files.length} rule files; read the first ${maxRuleFiles}`));
    }
    return files.slice(0, maxRuleFiles).map((file) => join(dir, file));
  } catch (error) {
    problems.push(wholeFile(dir, `can't read the folder: ${reasonOf(error)}`));
    return [];
  }
}

function readFile(file: string, problems: RuleProblem[]): RuleFile[] {
  try {
    const { size } = statSync(file);
    if (size <= maxRuleFileBytes) return [{ file, text: readFileSync(file, 'utf8') }];
    problems.push(wholeFile(file, `found ${size} bytes; allowed: ${maxRuleFileBytes}`));
  } catch (error) {
    problems.push(wholeFile(file, `can't read the file: ${reasonOf(error)}`));
  }
  return [];
}
