import { useEffect, useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import { useT } from '../state/use-t.ts';
import { copyText } from './copy-text.ts';
import { rangeAround } from './range.ts';
import type { Investigation } from './use-investigation.ts';
import type { MenuTarget } from './value-menu.ts';
import styles from './ValueMenu.module.css';

const widthPx = 200;
const heightPx = 150;

/** What can be done with a value: search only for it, without it, around it, or copy it. */
export function ValueMenu(props: {
  readonly target: MenuTarget;
  readonly investigation: Investigation;
  readonly onClose: () => void;
}) {
  const { target, investigation, onClose } = props;
  const { field, value, at, button } = target;
  const { addFilter, setRange } = investigation;
  const { t } = useT();
  const menu = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    menu.current?.querySelector('button')?.focus();
  }, []);
  useEffect(() => {
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !menu.current?.contains(event.target)) onClose();
    };
    // The menu stands where its button stood: once that was scrolled away, it points at something else.
    const { top: before } = button.getBoundingClientRect();
    const scrolled = (): void => {
      if (Math.abs(button.getBoundingClientRect().top - before) > 4) onClose();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('scroll', scrolled, true);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('scroll', scrolled, true);
    };
  }, [button, onClose]);

  const close = (): void => {
    onClose();
    button.focus();
  };
  const choose = (act: () => void) => (): void => {
    act();
    close();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const items = Array.from(menu.current?.querySelectorAll('button') ?? []);
    const here = items.findIndex((item) => item === document.activeElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: here + 1,
      ArrowUp: here - 1,
      Home: 0,
      End: items.length - 1,
    };
    const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
    if (event.key === 'Escape' || event.key === 'Tab') close();
    else if (step === undefined) return;
    else items.at(step % items.length)?.focus();
    event.preventDefault();
    event.stopPropagation();
  };

  const { left, bottom, top } = button.getBoundingClientRect();
  const above = bottom + heightPx > innerHeight;
  return (
    <div
      ref={menu}
      role="menu"
      tabIndex={-1}
      aria-label={t('investigate.menu', { field })}
      className={styles.menu}
      onKeyDown={onKeyDown}
      style={{
        width: widthPx,
        left: Math.max(8, Math.min(left, innerWidth - widthPx - 8)),
        ...(above ? { bottom: innerHeight - top + 2 } : { top: bottom + 2 }),
      }}
    >
      <button
        type="button"
        role="menuitem"
        onClick={choose(() => addFilter({ field, value, exclude: false }))}
      >
        {t('investigate.menu.only')}
      </button>
      <button
        type="button"
        role="menuitem"
        onClick={choose(() => addFilter({ field, value, exclude: true }))}
      >
        {t('investigate.menu.exclude')}
      </button>
      {at !== null && (
        <button type="button" role="menuitem" onClick={choose(() => setRange(rangeAround(at)))}>
          {t('investigate.menu.around')}
        </button>
      )}
      <button type="button" role="menuitem" onClick={choose(() => void copyText(value))}>
        {t('investigate.menu.copy')}
      </button>
    </div>
  );
}
