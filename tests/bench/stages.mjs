import { readFileSync } from 'node:fs';
import { createEngine } from '../../dist/server/detect/engine.js';
import { loadRules, shippedRulesDir } from '../../dist/server/detect/load-rules.js';
import { openAddressLookup } from '../../dist/server/enrich/address-lookup.js';
import { createEnricher } from '../../dist/server/enrich/enricher.js';
import { createLineParser } from '../../dist/server/ingest/parsers/line-parser.js';
import { eachLine } from '../../dist/server/pipeline/lines.js';

/** Parse alone, or parse + enrich + detect, over the file in pieces of 1 MiB on this one thread. */
const [, , file, stage] = process.argv;
const bytes = readFileSync(file);
const parse = createLineParser('combined');
const shipped = { kind: 'shipped' };
const lookUp = openAddressLookup({ country: shipped, network: shipped });
const enrich = createEnricher({ parties: [], accounts: [], lookUp });
const { rules } = loadRules([shippedRulesDir]);
const engine = createEngine({ rules });
const logins = {
  method: 'POST',
  paths: ['/login', '/sipol/login'],
  success: [302],
  failure: [401],
  blocked: [429],
};
let sequence = 0;
let detections = 0;
const report = () => void (detections += 1);

const take =
  stage === 'parse'
    ? (line) => void parse(line)
    : (line) => {
        const event = parse(line);
        event['event.original'] = line;
        event['event.sequence'] = ++sequence;
        event['event.ingested'] = event['@timestamp'];
        enrich(event, logins);
        engine.push(event, report);
      };

const piece = 1_048_576;
const started = performance.now();
let rows = 0;
for (let at = 0; at < bytes.length;) {
  let end = Math.min(bytes.length, at + piece);
  if (end < bytes.length) end = bytes.lastIndexOf(10, end - 1) + 1;
  rows += eachLine(bytes.subarray(at, end), take);
  at = end;
}
const seconds = (performance.now() - started) / 1_000;
console.log(JSON.stringify({ seconds, rows, detections, maxRssMiB: process.resourceUsage().maxRSS / 1_024 }));
