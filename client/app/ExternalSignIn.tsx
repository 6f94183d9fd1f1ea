import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { oidcOfferSchema } from '../../shared/api/oidc.ts';
import { getJson } from '../api/request.ts';
import { useT } from '../state/use-t.ts';
import { LinkButton } from '../ui/LinkButton.tsx';
import { isSignedOutThere, leaveAddress, refusalIn } from './external-sign-in.ts';
import styles from './ExternalSignIn.module.css';

/** The way to the provider of identities, where there is one, and why it came to nothing the last time. */
export function ExternalSignIn() {
  const { t } = useT();
  const [refusal] = useState(() => refusalIn(window.location.search));
  const [isOut] = useState(() => isSignedOutThere(window.location.search));
  const { data: offer } = useQuery({
    queryKey: ['oidc'],
    queryFn: ({ signal }) => getJson('/api/oidc', oidcOfferSchema, signal),
    staleTime: Infinity,
  });
  useEffect(() => {
    // Said once: neither a reload nor the next sign-in is about that attempt.
    if (refusal !== null || isOut) window.history.replaceState(null, '', '/');
  }, [refusal, isOut]);

  if (!offer?.enabled && refusal === null && !isOut) return null;
  return (
    <div className={styles.elsewhere}>
      {refusal !== null && <p role="alert">{t(`oidc.refused.${refusal}`)}</p>}
      {isOut && <p role="status">{t('oidc.signedOut')}</p>}
      {offer?.enabled && (
        <LinkButton
          className={styles.link}
          href={leaveAddress(refusal === null && !isOut ? window.location : home)}
        >
          {offer.label}
        </LinkButton>
      )}
    </div>
  );
}

const home = { pathname: '/', search: '' };
