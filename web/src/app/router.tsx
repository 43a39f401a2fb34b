import { queryClient } from '@/api/queryClient';
import { ErrorState } from '@/ui/ErrorState';
import { PageSkeleton } from '@/ui/PageSkeleton';
import { fullRoute, publicRoute, rootRoute, shellRoute } from '@/ui/routing';
import { createRouter } from '@tanstack/react-router';
import { features } from './features';
import { FullFrame } from './shell/FullFrame';
import { NotFoundPage } from './NotFoundPage';
import { Root } from './Root';
import { parseSearch, stringifySearch } from './searchText';
import { Shell } from './shell/Shell';

rootRoute.update({ component: Root, notFoundComponent: NotFoundPage });
shellRoute.update({ component: Shell });
fullRoute.update({ component: FullFrame });

const routes = (pick: 'routes' | 'fullRoutes' | 'publicRoutes') => features.flatMap((f) => f[pick] ?? []);

const routeTree = rootRoute.addChildren([
  shellRoute.addChildren(routes('routes')),
  fullRoute.addChildren(routes('fullRoutes')),
  publicRoute.addChildren(routes('publicRoutes')),
]);

export const router = createRouter({
  routeTree,
  basepath: '/app',
  parseSearch,
  stringifySearch,
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 300,
  defaultPendingMinMs: 200,
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
  scrollRestoration: true,
});
