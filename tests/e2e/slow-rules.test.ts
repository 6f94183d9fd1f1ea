import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEdgeDesk, otherToken, type EdgeDesk } from './edge-desk.ts';
import { expectUnaffected, honestClient } from './honest-client.ts';
import { privateFolder } from './siaga-process.ts';

/** Lines of a batch, each nearly as long as a line may be. */
const lines = 20;
const batches = 15;

const rules: Readonly<Record<string, string>> = {
  nested: '(a+)+$',
  counted: '(.*a){20}',
  words: String.raw`^(\w+\s?)*$`,
  behind: '(?<=a)!',
  control: 'a!$',
};

let folder: Awaited<ReturnType<typeof privateFolder>>;
let desk: EdgeDesk;
beforeAll(async () => {
  folder = await privateFolder();
  const dir = join(folder.folder, 'rules');
  await mkdir(dir);
  for (const [name, expression] of Object.entries(rules)) {
    const text = [
      `title: ${name}`,
      `name: ${name}`,
      'level: high',
      'logsource: { category: webserver }',
      `detection: { s: { url.path|re: '${expression}' }, condition: s }`,
    ];
    await writeFile(join(dir, `${name}.yml`), text.join('\n'));
  }
  desk = await openEdgeDesk({ requestsPerSecond: 1_000 }, undefined, [`rules: [${dir}]`]);
});
afterAll(async () => {
  await desk?.close();
  await folder?.remove();
});

/** Hands in batches of lines with that path, one after the other; how long each took, ms. */
async function handIn(path: string): Promise<number[]> {
  const line = `192.0.2.7 - - [23/Nov/2026:13:52:04 +0700] "GET ${path} HTTP/1.1" 200 5 "-" "-"\n`;
  const times: number[] = [];
  for (let batch = 0; batch < batches; batch += 1) {
    const begun = performance.now();
    const answer = await fetch(`${desk.siaga.url}/ingest/v1/other`, {
      method: 'POST',
      headers: { authorization: `Bearer ${otherToken}` },
      body: line.repeat(lines),
    });
    expect(await answer.json()).toMatchObject({ stored: lines, unparsed: 0 });
    times.push(performance.now() - begun);
  }
  return times;
}

const titles = async (): Promise<string[]> => {
  const answer = await fetch(`${desk.siaga.url}/api/alerts`, { headers: { cookie: desk.cookie } });
  const { alerts } = (await answer.json()) as { alerts: { rule: { title: { en: string } } }[] };
  return alerts.map(({ rule }) => rule.title.en);
};

it('S-09: rules with nested repetition cost ingest nothing that is seen, and one that is refused is named', async () => {
  const size = 60_000;
  const stopBefore = honestClient(desk);
  const plain = await handIn(`/${'b'.repeat(size)}`);
  const before = await stopBefore();
  const stop = honestClient(desk);
  const hostile = await handIn(`/${'a'.repeat(size)}!`);
  const during = await stop();
  const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  console.log(
    `batches of ${lines} lines of ${size} bytes: median ${median(plain).toFixed(0)} ms plain, ${median(hostile).toFixed(0)} ms hostile; an honest client: ${expectUnaffected(before, during)}`,
  );
  // 50 ms for each of three rules and each line would be a minute.
  expect(median(hostile)).toBeLessThan(2 * median(plain) + lines * 50);
  await expect.poll(titles, { timeout: 5_000 }).toContain('control');
  const refused = desk.siaga
    .output()
    .split('\n')
    .filter((line) => line.includes('rule:refused'));
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatch(/behind\.yml:\d+:\d+: .*RE2/);
});
