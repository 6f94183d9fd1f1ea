import { expect, it } from 'vitest';
import { accessLogLines } from '../../../server/simulate/access-log-lines.ts';
import { readLine, startMs } from './simulated.ts';

async function linesOf(seed: number, count: number): Promise<{ chunks: string[]; lines: string[] }> {
  const chunks: string[] = [];
  for await (const chunk of accessLogLines({ seed, count, startMs })) chunks.push(chunk);
  return { chunks, lines: chunks.join('').split('\n').slice(0, -1) };
}

it('gives exactly as many lines as asked for, all in the combined format and in order', async () => {
  const { lines } = await linesOf(1, 20_001);
  expect(lines).toHaveLength(20_001);
  const times = lines.map((line) => readLine(line).at);
  expect(times[0]).toBe(startMs);
  expect(times.at(-1)).toBe(startMs + 100_000);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

it('gives chunks of about 1 MiB that end with whole lines', async () => {
  const { chunks } = await linesOf(1, 20_000);
  expect(chunks.length).toBeGreaterThan(2);
  for (const chunk of chunks) expect(chunk.endsWith('\n')).toBe(true);
  for (const chunk of chunks.slice(0, -1)) {
    expect(chunk.length).toBeGreaterThanOrEqual(1_048_576);
    expect(chunk.length).toBeLessThan(1_049_600);
  }
});

it('gives the same file for the same seed', async () => {
  expect(await linesOf(5, 3_000)).toEqual(await linesOf(5, 3_000));
  expect((await linesOf(6, 3_000)).lines).not.toEqual((await linesOf(5, 3_000)).lines);
});

it('has about 3 % that is not found', async () => {
  const { lines } = await linesOf(1, 50_000);
  const share = lines.filter((line) => readLine(line).status === 404).length / lines.length;
  expect(share).toBeGreaterThan(0.02);
  expect(share).toBeLessThan(0.04);
});

it('gives nothing for nothing', async () => {
  expect((await linesOf(1, 0)).chunks).toEqual([]);
});
