import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { RequestError } from './request.ts';

const maxRetries = 2;

/** The cache of the server's answers; `onSignedOut` is called for every answer 401. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error): void => {
    if (error instanceof RequestError && error.failure === 'signed-out') onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        refetchOnWindowFocus: false,
        staleTime: 10_000,
        networkMode: 'always',
        retry: (failures, error) =>
          failures < maxRetries && error instanceof RequestError && error.failure === 'network',
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
