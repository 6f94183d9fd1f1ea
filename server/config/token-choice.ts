import { resolve } from 'node:path';
import * as z from 'zod/mini';
import type { FileAccess } from './file-access.ts';
import { placeIn, type OpenFile } from './section.ts';
import { secretFromEnv, secretFromFile, tokenSha256 } from './token.ts';

/** What a choice of token is read against. */
export interface TokenContext {
  readonly file: OpenFile;
  /** Folder that relative paths start from. */
  readonly folder: string;
  readonly files: FileAccess;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const pathSchema = z.string('a path').check(z.minLength(1, 'a path'), z.maxLength(4_096, 'a path'));
const variableExpected = 'the name of an environment variable, like SIAGA_TOKEN_SIPOL';

/** The two keys by which a section names its token; one of them is given. */
export const tokenKeys = {
  tokenEnv: z.optional(z.string(variableExpected).check(z.regex(/^[A-Za-z_]\w{0,99}$/, variableExpected))),
  tokenFile: z.optional(pathSchema),
};

interface TokenChoice {
  readonly tokenEnv?: string | undefined;
  readonly tokenFile?: string | undefined;
}

/** SHA-256 of the token that a section names by one of its two keys; `null` when it is refused, with the problem reported. */
export function readToken(
  context: TokenContext,
  choice: TokenChoice,
  path: readonly PropertyKey[],
): string | null {
  const secret = readSecret(context, choice, path);
  return secret === null ? null : tokenSha256(secret);
}

/** The token itself, for Siaga to send: it must reach no message, log or answer. */
export function readSecret(
  context: TokenContext,
  { tokenEnv, tokenFile }: TokenChoice,
  path: readonly PropertyKey[],
): string | null {
  const report = (key: keyof TokenChoice, what: string): null => {
    context.file.problems.report(placeIn(context.file, [...path, key]), what);
    return null;
  };
  if ((tokenEnv === undefined) === (tokenFile === undefined)) {
    const count = tokenEnv === undefined ? 'no' : 'two';
    return report('tokenEnv', `found ${count} tokens, expected either tokenEnv or tokenFile`);
  }
  const token =
    tokenFile === undefined
      ? secretFromEnv(context.env, tokenEnv ?? '')
      : secretFromFile(context.files, resolve(context.folder, tokenFile));
  return token.ok ? token.value : report(tokenFile === undefined ? 'tokenEnv' : 'tokenFile', token.message);
}
