import { describe, expect, it } from 'vitest';
import { filesOf, placesOf, sourceFiles } from './source-files.ts';

const client = sourceFiles('client');
const server = sourceFiles('server');
const all = [...client, ...server, ...sourceFiles('shared')];

describe('the code that ships', () => {
  it('is looked at', () => {
    expect(client.length).toBeGreaterThan(100);
    expect(server.length).toBeGreaterThan(100);
  });

  it.each([
    ['dangerouslySetInnerHTML'],
    ['innerHTML'],
    ['outerHTML'],
    ['insertAdjacentHTML'],
    ['document.write'],
    ['DOMParser'],
    ['srcdoc'],
    ['createContextualFragment'],
  ])('makes no element of a text: no %s in the client', (name) => {
    expect(placesOf(client, new RegExp(name.replace('.', String.raw`\.`)))).toEqual([]);
  });

  it('opens no address that a client or a line supplied', () => {
    const places = placesOf(client, /window\.open|location\.(?:assign|replace|href\s*=)|<a\b.*href=\{/);
    // Of an own path that the client puts together.
    const others = places.filter((place) => !place.startsWith('client/investigate/ExportLinks.tsx: '));
    // That of the configured provider, as the server says it: `http` or `https` by its schema.
    expect(others).toEqual([
      'client/state/session.ts: if (leaveFor !== null) window.location.assign(leaveFor);',
    ]);
  });

  it.each([
    ['eval', /\beval\s*\(/],
    ['new Function', /new Function\b|\bFunction\s*\(['"`]/],
    ['vm', /['"](?:node:)?vm['"]/],
    ['v8.deserialize', /\bdeserialize\s*\(|['"](?:node:)?v8['"]/],
    ['a timer that takes code', /set(?:Timeout|Interval)\s*\(\s*['"`]/],
  ])('runs nothing that it read: no %s', (_name, pattern) => {
    expect(placesOf(all, pattern)).toEqual([]);
  });

  it('starts no other program, and so no shell', () => {
    expect(placesOf(all, /['"](?:node:)?child_process['"]/)).toEqual([]);
  });

  it('speaks no HTTP/2 itself', () => {
    expect(placesOf(all, /['"](?:node:)?http2['"]/)).toEqual([]);
  });

  it('has no template engine and no embedded DuckDB', () => {
    const engines =
      /from ['"](?:ejs|pug|handlebars|mustache|nunjucks|lodash[^'"]*|vega[^'"]*|duckdb[^'"]*)['"]/;
    expect(placesOf(all, engines)).toEqual([]);
  });

  it('merges no object from outside into another one deeply', () => {
    expect(
      placesOf(all, /\b(?:deepMerge|mergeDeep|defaultsDeep|deepmerge|setPrototypeOf|__proto__)\b/),
    ).toEqual([]);
  });

  it('compares no secret by ===', () => {
    const secret =
      /(?:token|secret|hash|digest|password)\w*\s*(?:===|!==)\s*(?!null|undefined|''|0\b|1\b)[a-z]\w*(?:Token|Secret|Hash|Digest|Password)/i;
    expect(placesOf(sourceFiles('server/auth', 'server/api', 'server/ingest'), secret)).toEqual([]);
  });

  it('asks the event store for no answer that it has kept of somebody else', () => {
    expect(placesOf(server, /use_query_cache|query_cache_share_between_users/)).toEqual([]);
  });

  it('reads X-Forwarded headers at no more than one place', () => {
    expect(filesOf(server, /headers(?:\[|\.)['"]?(?:x-forwarded|forwarded)/i).length).toBeLessThanOrEqual(1);
  });

  it('allows no foreign origin', () => {
    expect(placesOf(server, /Access-Control-Allow|cors\s*:/i)).toEqual([]);
  });
});
