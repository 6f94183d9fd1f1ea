import type { Alert } from '../../shared/alert.ts';
import { investigateRange } from '../state/investigate-link.ts';

const aroundMs = 5 * 60_000;

/** Address of the investigate screen for an alert's time, with five minutes around it, and its key; of one `party` only when given. */
export const investigateAlert = (alert: Alert, party?: string): string =>
  investigateRange(alert.firstSeen - aroundMs, alert.lastSeen + aroundMs, {
    ...alert.key,
    ...(party === undefined ? {} : { 'organization.id': party }),
  });
