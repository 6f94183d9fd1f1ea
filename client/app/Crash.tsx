import { Component, type ReactNode } from 'react';
import { useT } from '../state/use-t.ts';
import { Button } from '../ui/Button.tsx';
import styles from './App.module.css';

/** Keeps a screen that failed to draw from taking the others with it, and says so. */
export class Crash extends Component<{ readonly children: ReactNode }, { readonly crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { crashed: boolean } {
    return { crashed: true };
  }

  override render(): ReactNode {
    return this.state.crashed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const { t } = useT();
  return (
    <div className={styles.message} role="alert">
      <p>{t('error.crashed')}</p>
      <Button onClick={() => location.reload()}>{t('error.reload')}</Button>
    </div>
  );
}
