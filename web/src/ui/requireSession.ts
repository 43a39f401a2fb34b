import { client } from '@/api/client';
import { toProblem } from '@/api/problem';
import { queryClient } from '@/api/queryClient';
import { sessionQuery } from '@/api/session';
import { redirect } from '@tanstack/react-router';

/** Loads the session first; a stranger goes to the sign-in page, the very first one to the set-up. */
export async function requireSession({ location }: { location: { href: string } }) {
  try {
    await queryClient.ensureQueryData(sessionQuery);
  } catch (error) {
    if (toProblem(error).status !== 401) throw error;
    const { data } = await client.GET('/api/app/setup');
    throw data?.required ? redirect({ to: '/setup' }) : redirect({ to: '/login', search: { next: location.href } });
  }
}
