/** Counts what each user has under way. */
export interface QueryBudget {
  /** Whether one more may begin; when true, `end` must follow. */
  begin(user: string): boolean;
  end(user: string): void;
}

/** A budget in memory of so many requests to the event store a user at once; it holds those users only who have something under way. */
export function createQueryBudget(maxPerUser: number): QueryBudget {
  const running = new Map<string, number>();
  return {
    begin(user) {
      const count = running.get(user) ?? 0;
      if (count >= maxPerUser) return false;
      running.set(user, count + 1);
      return true;
    },
    end(user) {
      const count = (running.get(user) ?? 1) - 1;
      if (count > 0) running.set(user, count);
      else running.delete(user);
    },
  };
}
