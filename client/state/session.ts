import { useQuery, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { signedOutSchema } from '../../shared/api/oidc.ts';
import { sessionSchema, type Session } from '../../shared/api/schemas.ts';
import type { Permission } from '../../shared/authority.ts';
import { getJson, RequestError, sendJson } from '../api/request.ts';

/** Where the session lives in the query cache; `null` there means signed out. */
export const sessionKey = ['session'] as const;

/** Who is signed in, as far as the browser knows. */
export type SessionState =
  | { readonly status: 'checking' }
  | { readonly status: 'unreachable'; readonly error: Error; readonly retry: () => void }
  | { readonly status: 'signed-out' }
  | { readonly status: 'signed-in'; readonly session: Session };

async function readSession(signal: AbortSignal): Promise<Session | null> {
  try {
    return await getJson('/api/session', sessionSchema, signal);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    // The screen of a wall is known to the server, and is no user's.
    if (error.failure === 'signed-out' || error.status === 403) return null;
    throw error;
  }
}

/** The session; a network failure keeps the one that is known. */
export function useSession(): SessionState {
  const query = useQuery({
    queryKey: sessionKey,
    queryFn: ({ signal }) => readSession(signal),
    staleTime: Infinity,
  });
  if (query.data) return { status: 'signed-in', session: query.data };
  if (query.data === null) return { status: 'signed-out' };
  if (query.error) {
    return { status: 'unreachable', error: query.error, retry: () => void query.refetch() };
  }
  return { status: 'checking' };
}

/** Signs in; rejects with a `RequestError` when the server says no. */
export async function signIn(
  client: QueryClient,
  given: { readonly name: string; readonly password: string; readonly code?: string },
): Promise<void> {
  const session = await sendJson('POST', '/api/session', given, sessionSchema);
  client.setQueryData(sessionKey, session);
}

/** Forgets all that was read, at the server's word or the person's. */
export function forgetSession(client: QueryClient): void {
  client.setQueryData(sessionKey, null);
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
}

/** Ends the session at the server, then here; a provider of identities that began it is left for, to end its own. */
export async function signOut(client: QueryClient): Promise<void> {
  const { leaveFor } = await sendJson('DELETE', '/api/session', undefined, signedOutSchema);
  forgetSession(client);
  if (leaveFor !== null) window.location.assign(leaveFor);
}

/** The signed-in session, for all screens. */
export const SessionContext = createContext<Session | null>(null);

/** The signed-in user. */
export function useUser(): Session['user'] {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useUser needs a signed-in session above');
  return session.user;
}

/** What the signed-in user may, for what is offered; the server judges for itself. */
export const useGrants = (): Session['grants'] => useContext(SessionContext)?.grants ?? {};

/** Whether the signed-in user has this permission; the server judges for itself. */
export const useMay = (permission: Permission): boolean => useGrants()[permission] !== undefined;
