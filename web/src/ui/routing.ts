import { createRootRouteWithContext, createRoute } from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { requireSession } from './requireSession';

/** Filled in by `app/router.tsx`; features only hang their routes below. */
export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()();

/** Pages inside the shell: signed in, side bar, top bar. */
export const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: 'shell', beforeLoad: requireSession });

/** Pages that fill the window, signed in (editors). */
export const fullRoute = createRoute({ getParentRoute: () => rootRoute, id: 'full', beforeLoad: requireSession });

/** Pages without sign-in. */
export const publicRoute = createRoute({ getParentRoute: () => rootRoute, id: 'public' });
