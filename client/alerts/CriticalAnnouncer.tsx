import { useEffect, useState } from 'react';
import { useFeedHandle } from '../state/feed-context.tsx';
import { useT } from '../state/use-t.ts';
import { revealHidden } from '../ui/Untrusted.tsx';

/** Says each new critical alert to a screen reader at once. */
export function CriticalAnnouncer() {
  const { t, language } = useT();
  const feed = useFeedHandle();
  const [said, setSaid] = useState('');
  useEffect(
    () =>
      feed.subscribeChanges((changes) => {
        const newest = changes.findLast(
          ({ kind, alert }) => kind === 'raised' && alert.severity === 'critical',
        );
        if (newest) setSaid(t('alerts.announce', { title: revealHidden(newest.alert.rule.title[language]) }));
      }),
    [feed, language, t],
  );
  return (
    <div className="visually-hidden" role="alert" aria-live="assertive">
      {said}
    </div>
  );
}
