import type { Identity, IdentityHeaders } from '../auth/identity.ts';
import { actorOf } from './actor.ts';
import type { AuditNote } from './audit-log.ts';
import type { LimitedNotes } from './limited-notes.ts';

/** What became of a live socket. */
export type SocketFact =
  | {
      readonly kind: 'connected';
      readonly id: string;
      readonly headers: IdentityHeaders;
      readonly address: string;
    }
  | {
      readonly kind: 'refused';
      readonly headers: IdentityHeaders;
      readonly address: string;
      readonly reason: string;
    }
  | { readonly kind: 'ended'; readonly id: string; readonly reason: string };

/** Notes sockets that come, go and are refused; of strangers only how many. */
export function createSocketNotes(
  notes: Pick<LimitedNotes, 'note' | 'countStranger'>,
  identify: (headers: IdentityHeaders) => Identity | null,
): (fact: SocketFact) => void {
  // The session may be over when the socket ends.
  const connected = new Map<string, Pick<AuditNote, 'actor' | 'agency' | 'via' | 'address'>>();
  return (fact) => {
    if (fact.kind === 'ended') {
      const who = connected.get(fact.id);
      connected.delete(fact.id);
      if (who) notes.note({ ...who, action: 'socket:ended', detail: { reason: fact.reason } });
      return;
    }
    const identity = identify(fact.headers);
    if (!identity) {
      if (fact.kind === 'refused') notes.countStranger();
      return;
    }
    const who = actorOf(identity, fact.address);
    if (fact.kind === 'refused') {
      notes.note({ ...who, action: 'socket:refused', outcome: 'refused', detail: { reason: fact.reason } });
      return;
    }
    connected.set(fact.id, who);
    notes.note({ ...who, action: 'socket:connected' });
  };
}
