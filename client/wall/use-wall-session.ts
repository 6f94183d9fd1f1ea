import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { wallSessionSchema, type WallSession } from '../../shared/api/tokens.ts';
import { getJson, RequestError, sendJson } from '../api/request.ts';

/** What the screen of a wall knows of itself. */
export type WallState =
  | { readonly status: 'checking' }
  /** It never was one. */
  | { readonly status: 'none' }
  | { readonly status: 'on'; readonly session: WallSession }
  | { readonly status: 'over'; readonly why: 'ended' | 'refused' | 'signed-in' | 'too-many' };

/** A wall in use says so this often, and one that ended asks no more often than this. */
export const lookMs = 60_000;
const markName = 'siaga.wall';

const path = '/api/wall-session';
const statusOf = (error: unknown): number => (error instanceof RequestError ? error.status : 0);

/** What an answer says; `gone` where there is nobody behind the request, `none` where there is a user. */
type Answer = WallState | { readonly status: 'gone' };

/** Whether this browser was a wall before: then it waits to be one again, and asks for no password. */
export function wasWall(): boolean {
  try {
    return localStorage.getItem(markName) !== null;
  } catch {
    return false;
  }
}

function remember(): void {
  try {
    localStorage.setItem(markName, '1');
  } catch {
    // Without storage a wall that ended and was loaded anew asks to sign in, no more.
  }
}

async function exchange(token: string): Promise<Answer> {
  try {
    return { status: 'on', session: await sendJson('POST', path, { token }, wallSessionSchema) };
  } catch (error) {
    const status = statusOf(error);
    if (status === 409) return { status: 'over', why: 'signed-in' };
    if (status === 429) return { status: 'over', why: 'too-many' };
    if (status !== 401) return { status: 'checking' };
    // A kiosk that is started with its first address again is a wall already.
    const known = await look();
    return known.status === 'gone' ? { status: 'over', why: 'refused' } : known;
  }
}

async function look(): Promise<Answer> {
  try {
    return { status: 'on', session: await getJson(path, wallSessionSchema) };
  } catch (error) {
    const status = statusOf(error);
    if (status === 403) return { status: 'none' };
    return status === 401 ? { status: 'gone' } : { status: 'checking' };
  }
}

/** After an answer: one that can't be reached stays what it is, one that was a wall has ended. */
function next(before: WallState, answer: Answer): WallState {
  if (answer.status === 'checking') return before;
  if (answer.status === 'gone') {
    if (before.status === 'over') return before;
    return before.status === 'on' || wasWall() ? { status: 'over', why: 'ended' } : { status: 'none' };
  }
  const isSame = JSON.stringify(before) === JSON.stringify(answer);
  return isSame ? before : answer;
}

/** The session of this wall, begun by `token` if there is one; `recheck` asks at once whether it still holds. */
export function useWallSession(token: string | null): { state: WallState; recheck: () => void } {
  const queries = useQueryClient();
  const [state, setState] = useState<WallState>({ status: 'checking' });
  const first = useRef<Promise<Answer> | null>(null);
  const take = useCallback((answer: Answer) => {
    if (answer.status === 'on') remember();
    setState((before) => next(before, answer));
  }, []);
  const recheck = useCallback(() => void look().then(take), [take]);

  useEffect(() => {
    // Once only, however often React mounts: a token is good for one exchange.
    first.current ??= token === null ? look() : exchange(token);
    void first.current.then(take);
    const timer = setInterval(recheck, lookMs);
    return () => clearInterval(timer);
  }, [token, take, recheck]);

  const isOver = state.status === 'over';
  useEffect(() => {
    if (isOver) queries.removeQueries();
  }, [isOver, queries]);
  return { state, recheck };
}
