import { createContext, useContext } from 'react';
import type { FieldName } from '../../shared/event/fields.ts';

/** A value that a menu was asked for. */
export interface MenuTarget {
  readonly field: FieldName;
  readonly value: string;
  /** When its event happened, epoch ms; `null` for a value of many events. */
  readonly at: number | null;
  /** The button that asked; it gets the focus back. */
  readonly button: HTMLElement;
}

/** Opens the one menu of the screen. */
export const OpenMenuContext = createContext<(target: MenuTarget) => void>(() => undefined);

/** Opens the menu for a value. */
export const useOpenMenu = (): ((target: MenuTarget) => void) => useContext(OpenMenuContext);
