import { expect } from 'vitest';
import type { SiagaEvent } from '../../../shared/event/fields.ts';
import type { Detection } from '../../../server/detect/detection.ts';
import { createEngine, type EngineOptions } from '../../../server/detect/engine.ts';
import type { Rule } from '../../../server/detect/rule.ts';
import { readRules } from '../../../server/detect/sigma/read-rules.ts';
import { eventOf } from './sigma-events.ts';

/** A rule of single events. */
export const plain = `
title: Probe
id: probe
logsource: { category: webserver }
detection: { s: { cs-uri|contains: ../ }, condition: s }
`;
/** A correlation over failed logins. */
export const counted = (correlation: string, generate = false): string => `
title: Failed login
id: failed
logsource: { category: authentication }
detection: { s: { event.outcome: failure }, condition: s }
---
title: Correlation
id: correlation
correlation: { ${correlation}, rules: [failed], generate: ${String(generate)} }
`;
/** Three failed logins of one account within a minute. */
export const eventCount = counted(
  'type: event_count, group-by: [user.name], timespan: 60s, condition: { gte: 3 }',
);
/** Failed logins of three accounts from one address within a minute. */
export const valueCount = counted(
  'type: value_count, group-by: [source.ip], timespan: 60s, condition: { field: user.name, gte: 3 }',
);

/** The rules of a file that must load. */
export function rulesOf(text: string): readonly Rule[] {
  const { rules, problems } = readRules([{ file: 'rule.yml', text }]);
  expect(problems).toEqual([]);
  return rules;
}

/** When the tests begin, epoch ms. */
export const start = Date.UTC(2026, 1, 10, 3, 5);
/** A failed login so many seconds after the start. */
export const at = (seconds: number, fields: Partial<SiagaEvent> = {}): SiagaEvent =>
  eventOf({
    '@timestamp': start + seconds * 1_000,
    'event.dataset': 'account',
    'event.category': 'authentication',
    'event.action': 'user-login',
    'event.outcome': 'failure',
    'user.name': 'operator.01',
    'source.ip': '203.0.113.9',
    ...fields,
  });
/** A request that `plain` matches. */
export const probe = (seconds: number, address = '203.0.113.9'): SiagaEvent =>
  eventOf({ '@timestamp': start + seconds * 1_000, 'url.original': '/../x', 'source.ip': address });

/** An engine over the rules, with what its pushes and drains report. */
export function setUp(text: string, options: Partial<EngineOptions> = {}) {
  const engine = createEngine({ rules: rulesOf(text), ...options });
  const push = (...events: SiagaEvent[]): Detection[] =>
    collect((report) => events.forEach((event) => engine.push(event, report)));
  const drain = (seconds: number): Detection[] =>
    collect((report) => engine.drain(start + seconds * 1_000, report));
  return { engine, push, drain };
}

/** What is reported meanwhile. */
export function collect(run: (report: (detection: Detection) => void) => void): Detection[] {
  const found: Detection[] = [];
  run((detection) => found.push(detection));
  return found;
}
