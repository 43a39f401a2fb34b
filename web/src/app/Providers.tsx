import { queryClient } from '@/api/queryClient';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, type ReactNode } from 'react';
import { colorSchemeManager } from './colorScheme';
import { cspNonce } from './security';
import { cssVariables, theme } from './theme';

/** What is shown before it has come waits in its store. */
const Notifications = lazy(() => import('@mantine/notifications').then((m) => ({ default: m.Notifications })));

export function Providers({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={queryClient}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={colorSchemeManager}
        defaultColorScheme="auto"
        getStyleNonce={() => cspNonce}
      >
        <Suspense fallback={null}>
          <Notifications position="bottom-right" limit={4} />
        </Suspense>
        {children}
      </MantineProvider>
    </QueryClientProvider>
  );
}
