import { detach } from '../detach.ts';

/** Longer texts are answered anew each time. */
export const maxRememberedLength = 1_024;

/**
 * `answer` for texts that come again and again: remembers between `max` and 2 × `max` answers, and drops those not asked for
 * lately. The texts it keeps are copies, so no chunk of lines stays alive for them.
 */
export function remembered<T>(max: number, answer: (text: string) => T): (text: string) => T {
  let recent = new Map<string, T>();
  let older = new Map<string, T>();
  return (text) => {
    const known = recent.get(text);
    if (known !== undefined) return known;
    if (text.length > maxRememberedLength) return answer(text);
    const before = older.get(text);
    const value = before === undefined ? answer(text) : before;
    if (recent.size >= max) {
      older = recent;
      recent = new Map();
    }
    recent.set(detach(text), value);
    return value;
  };
}
