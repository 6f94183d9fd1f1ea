import type { Detection } from '../../../../server/detect/detection.ts';
import { createEngine } from '../../../../server/detect/engine.ts';
import { eventOf, readAnyRules } from '../sigma-events.ts';

/** A rule of the given detection, indented by two. */
export const ruleOf = (detection: string): string =>
  `title: Test\nlogsource:\n  category: webserver\ndetection:\n${detection.replace(/^/gm, '  ')}\n`;

/** Whether the rule of that detection matches an event of these fields. */
export function matches(detection: string, fields: Record<string, unknown>): boolean {
  const { rules, problems } = readAnyRules(ruleOf(detection));
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join());
  const found: Detection[] = [];
  createEngine({ rules }).push(eventOf(fields), (one) => found.push(one));
  return found.length > 0;
}

/** Why the rule of that detection is refused: `line:column message`. */
export function refusal(rule: string): string {
  const { rules, problems } = readAnyRules(rule);
  if (rules.length > 0) throw new Error('the rule loaded');
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n');
}
