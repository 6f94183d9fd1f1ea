import type * as z from 'zod/mini';
import type { Result } from '../../shared/result.ts';
import type { ControlServices } from './services.ts';

/** One thing that a command may ask for: its arguments and its answer by schema, and who answers. */
export interface Call<Args extends z.core.$ZodType, Answer extends z.core.$ZodType> {
  readonly args: Args;
  readonly answer: Answer;
  handle(args: z.output<Args>, services: ControlServices): Promise<Result<z.output<Answer>>>;
}

/** A call with its types inferred from its schemas. */
export const call = <Args extends z.core.$ZodType, Answer extends z.core.$ZodType>(
  declared: Call<Args, Answer>,
): Call<Args, Answer> => declared;
