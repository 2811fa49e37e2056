// What was asked of the API, kept for a moment and asked again when it has grown old.
import { QueryClient } from '@tanstack/react-query';
import { RequestFailed } from './http.js';

const FRESH_MS = 5_000;
const TRIES = 3;

export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: FRESH_MS, retry: (count, error) => count < TRIES && isPassing(error) },
  },
});

/** Whether the same request may succeed a little later. */
function isPassing(error: Error): boolean {
  return !(error instanceof RequestFailed) || error.status === 0 || error.status >= 500;
}
