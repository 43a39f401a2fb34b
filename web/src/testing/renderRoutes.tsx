import { queryClient } from '@/api/queryClient';
import { cssVariables, theme } from '@/app/theme';
import { rootRoute, shellRoute } from '@/ui/routing';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRouter, Outlet, RouterProvider, type AnyRoute } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { Suspense } from 'react';
import { server } from './server';

const session = {
  user: { id: 1, email: 'ann@acme.example', name: 'Ann Rivers', role: 'admin' },
  account: { id: 1, name: 'Acme', time_zone: 'UTC' },
  mail_catcher: true,
};

/** A feature's real routes in a router of their own, signed in; `at` is the path without `/app`. Answers with the router, whose state holds the URL. */
export async function renderRoutes(routes: readonly AnyRoute[], at: string, permissions: readonly string[] = ['*']) {
  queryClient.clear();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  server.use(http.get('*/api/app/session', () => HttpResponse.json({ ...session, permissions })));
  rootRoute.update({ component: Outlet });
  shellRoute.update({ component: Outlet });
  const router = createRouter({
    routeTree: rootRoute.addChildren([shellRoute.addChildren([...routes])]),
    history: createMemoryHistory({ initialEntries: [at] }),
    context: { queryClient },
  });
  render(
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} env="test">
        <Notifications />
        <Suspense>
          <RouterProvider router={router as never} />
        </Suspense>
      </MantineProvider>
    </QueryClientProvider>,
  );
  await router.load();
  return router;
}
