import { createCipheriv, createDecipheriv } from 'node:crypto';
import * as z from 'zod/mini';

/** From leaving for the provider to coming back. */
export const transactionMs = 10 * 60_000;
/** Used transactions that are remembered until they expire by themselves; the provider takes a code once, too. */
export const maxUsedTransactions = 10_000;

const schema = z.object({
  id: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Own path to end at. */
  next: z.string(),
  /** The session that the browser had when it left. */
  oldSessionKey: z.nullable(z.string()),
  /** Epoch ms. */
  expiresAt: z.number(),
});

/** What must be the same when the browser comes back. */
export type Transaction = z.infer<typeof schema>;

/** Transactions, each kept by its browser in a cookie that only this process can read or make. */
export interface Transactions {
  /** The `Set-Cookie` that keeps it. */
  readonly keep: (transaction: Omit<Transaction, 'id' | 'expiresAt'>) => string;
  /** The one of a `Cookie` header that is neither expired nor used; `null` without one, and when there are two. */
  readonly find: (cookieHeader: string | undefined) => Transaction | null;
  /** Marks it as used; false when it was already. */
  readonly use: (transaction: Transaction) => boolean;
  /** The `Set-Cookie` that takes it away. */
  readonly forgotten: string;
}

const ivBytes = 12;
const tagBytes = 16;
const cipher = 'aes-256-gcm';

/** `SameSite=Lax`, since the way back from the provider is a navigation from another site. */
export function createTransactions(parts: {
  readonly now: () => number;
  readonly random: (size: number) => Uint8Array;
  readonly secure: boolean;
}): Transactions {
  const { now, random, secure } = parts;
  const seal = createSeal(random);
  const used = new Map<string, number>();
  const name = secure ? '__Host-siaga_oidc' : 'siaga_oidc';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    keep(transaction) {
      const id = Buffer.from(random(16)).toString('base64url');
      const sealed = seal.close(JSON.stringify({ ...transaction, id, expiresAt: now() + transactionMs }));
      return `${name}=${sealed}; Max-Age=${transactionMs / 1_000}; ${attributes}`;
    },
    find(cookieHeader) {
      const text = seal.open(valueOf(cookieHeader, name));
      const transaction = text === null ? null : schema.parse(JSON.parse(text));
      if (transaction === null || transaction.expiresAt <= now() || used.has(transaction.id)) return null;
      return transaction;
    },
    use({ id, expiresAt }) {
      if (used.has(id)) return false;
      for (const [old, end] of used) {
        if (end > now() && used.size < maxUsedTransactions) break;
        used.delete(old);
      }
      used.set(id, expiresAt);
      return true;
    },
    forgotten: `${name}=; Max-Age=0; ${attributes}`,
  };
}

function valueOf(cookieHeader: string | undefined, name: string): string {
  const found = (cookieHeader ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return found.length === 1 ? (found[0]?.slice(name.length + 1) ?? '') : '';
}

/** Texts that nobody else can read or make: AES-256-GCM by a key of this process, which no restart survives. */
function createSeal(random: (size: number) => Uint8Array) {
  const key = random(32);
  return {
    close(text: string): string {
      const iv = random(ivBytes);
      const sealing = createCipheriv(cipher, key, iv, { authTagLength: tagBytes });
      const bytes = [iv, sealing.update(text, 'utf8'), sealing.final()];
      return Buffer.concat([...bytes, sealing.getAuthTag()]).toString('base64url');
    },
    /** `null` for anything that `close` didn't make. */
    open(sealed: string): string | null {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length <= ivBytes + tagBytes) return null;
      const opening = createDecipheriv(cipher, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
      opening.setAuthTag(bytes.subarray(-tagBytes));
      try {
        return opening.update(bytes.subarray(ivBytes, -tagBytes), undefined, 'utf8') + opening.final('utf8');
      } catch {
        return null;
      }
    },
  };
}
