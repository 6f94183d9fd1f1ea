/** Drawn once the screen is built. */
export default function WallPage() {
  return null;
}
