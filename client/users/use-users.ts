import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  createdUserSchema,
  userDirectorySchema,
  type createUserSchema,
  type updateUserSchema,
} from '../../shared/api/schemas.ts';
import type * as z from 'zod/mini';
import { getJson, sendJson } from '../api/request.ts';

const usersKey = ['users'];

/** Users that the person may see, and the agencies that they may be of. */
export function useUsers() {
  return useQuery({
    queryKey: usersKey,
    queryFn: ({ signal }) => getJson('/api/users', userDirectorySchema, signal),
  });
}

/** One act of an administrator on a user. */
export type UserAct =
  | { readonly kind: 'create'; readonly user: z.input<typeof createUserSchema> }
  | { readonly kind: 'update'; readonly name: string; readonly changes: z.input<typeof updateUserSchema> }
  | { readonly kind: 'reset-password' | 'reset-factor'; readonly name: string };

/** A one-time password to be shown once. */
export interface OneTime {
  readonly name: string;
  readonly password: string;
}

const pathOf = (name: string): string => `/api/users/${encodeURIComponent(name)}`;

async function run(act: UserAct): Promise<OneTime | null> {
  if (act.kind === 'create') return oneTimeOf('/api/users', act.user);
  if (act.kind === 'reset-password') return oneTimeOf(`${pathOf(act.name)}/password`, undefined);
  if (act.kind === 'update') await sendJson('PATCH', pathOf(act.name), act.changes, null);
  else await sendJson('DELETE', `${pathOf(act.name)}/second-factor`, undefined, null);
  return null;
}

async function oneTimeOf(path: string, body: unknown): Promise<OneTime> {
  const { user, oneTimePassword } = await sendJson('POST', path, body, createdUserSchema);
  return { name: user.name, password: oneTimePassword };
}

/** Acts on users; `onOneTime` hears of each one-time password. */
export function useUserActs(onOneTime: (oneTime: OneTime) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: (oneTime) => {
      if (oneTime) onOneTime(oneTime);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: usersKey }),
  });
}

export type UserActs = ReturnType<typeof useUserActs>;
