import { QueryClient } from '@tanstack/react-query';
import { toProblem } from './problem';

/** Only what a second try can mend is tried again; a refusal stays one. */
const mendable = (error: unknown) => [0, 500, 502, 504].includes(toProblem(error).status);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, retry: (count, error) => count < 1 && mendable(error), refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
});
