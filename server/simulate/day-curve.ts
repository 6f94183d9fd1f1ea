const hourMs = 3_600_000;
const jakartaOffsetMs = 7 * hourMs;

/** How busy each hour in Jakarta is, midnight first; the mean over the day is near 1, and a demo at night is not empty. */
const busyness = [
  0.6, 0.55, 0.5, 0.5, 0.5, 0.55, 0.7, 0.9, 1.15, 1.3, 1.4, 1.35, 1.2, 1.25, 1.35, 1.4, 1.35, 1.25, 1.15,
  1.15, 1.1, 1, 0.85, 0.7,
];

/** Multiplier of traffic at that moment (epoch ms), without steps between the hours. */
export function busynessAt(at: number): number {
  const hours = (((at + jakartaOffsetMs) / hourMs) % 24) + 24;
  const hour = Math.floor(hours);
  const into = hours - hour;
  const now = busyness[hour % 24] ?? 1;
  const next = busyness[(hour + 1) % 24] ?? 1;
  return now + (next - now) * into;
}
