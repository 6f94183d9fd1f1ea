import { Component, type ReactNode } from 'react';

/** How long a wall that failed to draw waits before it loads again. */
export const reloadAfterMs = 15_000;

/** Nobody sits at a wall: when it fails to draw it stays blank for a moment, and loads again by itself. */
export class WallRecovery extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };
  private timer: ReturnType<typeof setTimeout> | undefined;

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(): void {
    this.timer = setTimeout(() => location.reload(), reloadAfterMs);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.timer);
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}
