/** A gate for bytes: at most so many are under way at once, others wait in order. */
export interface Intake {
  /** Resolves once `bytes` may go on. A single larger piece goes when it is alone. */
  enter(bytes: number): Promise<void>;
  leave(bytes: number): void;
  readonly inside: () => number;
}

export function createIntake(maxBytes: number): Intake {
  let inside = 0;
  const waiting: { bytes: number; go: () => void }[] = [];

  const admit = (): void => {
    for (
      let next = waiting[0];
      next && (inside === 0 || inside + next.bytes <= maxBytes);
      next = waiting[0]
    ) {
      waiting.shift();
      inside += next.bytes;
      next.go();
    }
  };

  return {
    enter: (bytes) =>
      new Promise((go) => {
        waiting.push({ bytes, go });
        admit();
      }),
    leave: (bytes) => {
      inside -= bytes;
      admit();
    },
    inside: () => inside,
  };
}
