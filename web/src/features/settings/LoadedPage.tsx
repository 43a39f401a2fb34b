import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type Query<T> = { data: T | undefined; error: unknown; refetch: () => unknown };
type Props<T> = {
  page: string;
  query: Query<T>;
  main?: ReactNode;
  status?: ReactNode;
  children: (data: T) => ReactNode;
};

/** Header of a settings page, and its states: waiting, failed, there. */
export function LoadedPage<T>({ page, query, main, status, children }: Props<T>) {
  const { t } = useTranslation('settings');
  return (
    <>
      <PageHeader
        title={t(`${page}.title`)}
        area={t('title')}
        subtitle={t(`${page}.text`)}
        main={main}
        status={status}
      />
      {query.data !== undefined ? (
        children(query.data)
      ) : query.error ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Stack gap="md" aria-busy="true">
          {[60, 140, 100].map((height) => (
            <Skeleton key={height} height={height} radius="md" />
          ))}
        </Stack>
      )}
    </>
  );
}
