import { resolve } from 'node:path';
import type { HeadTarget } from '../audit/head-export.ts';
import { auditHeadsSchema } from './file-schema.ts';
import { placeIn, readSection } from './section.ts';
import { readSecret, type TokenContext } from './token-choice.ts';

const path = ['audit', 'heads'];

/** The section `audit`: where the heads of the audit log go; `null` when it says nothing, or says it wrongly. */
export function readAuditHeads(
  context: TokenContext,
  given: { readonly heads?: unknown } | null,
): HeadTarget | null {
  if (given?.heads === undefined) return null;
  const heads = readSection(context.file, auditHeadsSchema, given.heads, path);
  if (heads === null) return null;
  const { file, webhook, allowPrivate, tokenEnv, tokenFile } = heads;
  const hasToken = tokenEnv !== undefined || tokenFile !== undefined;
  const refuse = (key: string, what: string): null => {
    context.file.problems.report(placeIn(context.file, [...path, key]), what);
    return null;
  };
  if (webhook === undefined) {
    if (file === undefined) return refuse('file', 'found no target, expected either file or webhook');
    if (hasToken) return refuse('file', 'found a token for a file, expected one for a webhook only');
    return { kind: 'file', path: resolve(context.folder, file) };
  }
  if (file !== undefined) return refuse('file', 'found two targets, expected either file or webhook');
  const token = hasToken ? readSecret(context, heads, path) : null;
  return { kind: 'webhook', url: webhook, token, allowPrivate };
}
