/** The colour that a token such as `--d-fail` has on `element` now, for a canvas; follows the theme and the mode. */
export function tokenColor(element: Element, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  probe.style.display = 'none';
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
