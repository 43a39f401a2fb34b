import { cssVariables, theme } from '@/app/theme';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render as renderPlain } from '@testing-library/react';
import { Suspense, type ReactNode } from 'react';

/** Renders with theme, a fresh query cache and texts; `env="test"` switches transitions off. */
export function render(element: ReactNode) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return renderPlain(
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} env="test">
        <Suspense>{element}</Suspense>
      </MantineProvider>
    </QueryClientProvider>,
  );
}
