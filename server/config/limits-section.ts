import * as z from 'zod/mini';
import { limitExpected, parseLimit } from '../limits/limit-text.ts';
import { limitDeclarations, limitNames, type LimitDeclaration, type LimitName } from '../limits/limits.ts';

/** One limit as the file says it, read into bytes, ms or a count. */
function limitSchema(limit: LimitDeclaration) {
  const expected = limitExpected(limit);
  return z.optional(
    z.pipe(
      z.union([z.string(), z.number()], expected),
      z.transform((given: string | number, context): number => {
        const value = parseLimit(limit.unit, given);
        if (value !== null && value >= limit.least && value <= limit.most) return value;
        context.issues.push({ code: 'custom', message: expected, input: given });
        return z.NEVER;
      }),
    ),
  );
}

type LimitShape = Record<LimitName, ReturnType<typeof limitSchema>>;

/** `limits` of the configuration: any of the named limits, each within its bounds. */
export const limitsSchema = z.strictObject(
  Object.fromEntries(limitNames.map((name) => [name, limitSchema(limitDeclarations[name])])) as LimitShape,
  'a mapping',
);
