/** Times that an event may have: the store keeps no others. */
export const earliestTime = Date.UTC(1970, 0, 2);
export const latestTime = Date.UTC(2200, 0, 1);

/** Whether an event may have happened then, epoch ms. */
export const isEventTime = (epochMs: number): boolean => epochMs >= earliestTime && epochMs < latestTime;
