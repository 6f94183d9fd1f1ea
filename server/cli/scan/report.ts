import type { Detection, RuleInfo } from '../../detect/detection.ts';
import { visible } from '../../log.ts';
import type { Output } from '../command.ts';
import { jsonLine } from '../json-line.ts';
import type { ScanSummary } from './scanner.ts';

/** Prints what a scan finds. */
export interface ScanReport {
  begin(): Promise<void>;
  detections(detections: readonly Detection[]): Promise<void>;
  end(summary: ScanSummary, seconds: number): Promise<void>;
}

/** One JSON object a detection, and last one with `summary`. */
export function createJsonReport(out: Output, rules: readonly RuleInfo[]): ScanReport {
  const infos = new Map(rules.map((info) => [info.id, info]));
  return {
    begin: () => Promise.resolve(),
    detections: (detections) =>
      out.write(detections.map((detection) => jsonLine(described(detection, infos))).join('')),
    end: ({ lines, rejected, detections }, seconds) =>
      out.write(jsonLine({ summary: { lines, events: lines - rejected, rejected, detections, seconds } })),
  };
}

function described({ id, ruleId, key, first, last, count }: Detection, infos: ReadonlyMap<string, RuleInfo>) {
  const info = infos.get(ruleId);
  const rule = {
    id: ruleId,
    title: info?.title.en ?? ruleId,
    level: info?.severity ?? 'informational',
    tags: info?.tags ?? [],
  };
  return {
    id,
    rule,
    key,
    first: new Date(first).toISOString(),
    last: new Date(last).toISOString(),
    count,
  };
}

const levelWidth = 'informational'.length;
const timeWidth = '2026-11-23 00:00:00Z'.length;
const countWidth = 9;

/** A table for people, and a sentence at the end; nothing in it acts on the terminal. */
export function createTableReport(out: Output, rules: readonly RuleInfo[]): ScanReport {
  const infos = new Map(rules.map((info) => [info.id, info]));
  const titleWidth = Math.max('rule'.length, ...rules.map(({ title }) => title.en.length));
  const row = (cells: readonly [string, string, string, string, string, string]): string => {
    const [level, first, last, count, title, key] = cells;
    return `${level.padEnd(levelWidth)}  ${first.padEnd(timeWidth)}  ${last.padEnd(timeWidth)}  ${count.padStart(countWidth)}  ${visible(title).padEnd(titleWidth)}  ${visible(key)}\n`;
  };
  const printed = ({ ruleId, first, last, count, key }: Detection): string => {
    const info = infos.get(ruleId);
    const values = Object.entries(key).map(([field, value]) => `${field}=${value}`);
    return row([
      info?.severity ?? 'informational',
      seconds(first),
      seconds(last),
      String(count),
      info?.title.en ?? ruleId,
      values.join(' '),
    ]);
  };
  return {
    begin: () => out.write(row(['level', 'first', 'last', 'count', 'rule', 'key'])),
    detections: (detections) => out.write(detections.map(printed).join('')),
    end: ({ lines, rejected, detections }, took) =>
      out.write(
        `\n${counted(lines, 'line')}, ${counted(rejected, 'rejected line')}, ${counted(detections, 'detection')} in ${took} s\n`,
      ),
  };
}

const seconds = (time: number): string => `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')}Z`;

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
