import { isStandIn, Pseudonym } from './Pseudonym.tsx';
import styles from './Untrusted.module.css';

/** Control, format (bidi, zero-width), private and unpaired code points, and spaces that do not look like one. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u00A0\u115F\u1160\u3164\uFFA0\u2800]/gu;

/** Longest text that is drawn; what is cut off is said in `‹+n›`. */
export const maxUntrustedLength = 4_000;

/** `text` with each unseen code point written out, such as `‹U+202E›`. */
export function revealHidden(text: string): string {
  return text.replaceAll(
    invisible,
    (character) => `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
  );
}

/** Hostile text as one text node, isolated from its surroundings, with nothing hidden in it. */
export function Untrusted(props: { readonly text: string; readonly className?: string | undefined }) {
  const { text, className } = props;
  const cut = text.length > maxUntrustedLength ? text.slice(0, maxUntrustedLength) : text;
  const rest = text.length - cut.length;
  return (
    <bdi className={`${styles.untrusted} ${className ?? ''}`}>
      {isStandIn(text) ? <Pseudonym text={text} /> : revealHidden(cut) + (rest > 0 ? `‹+${rest}›` : '')}
    </bdi>
  );
}
