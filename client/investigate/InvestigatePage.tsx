/** Drawn once the screen is built. */
export default function InvestigatePage() {
  return null;
}
