import { resilientFetch } from '@/api/resilience';
import { CopyButton } from '@/ui/CopyButton';
import { ErrorState } from '@/ui/ErrorState';
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import classes from './caughtMail.module.css';

/** The bytes as they would have gone over the wire. */
export function SourceView({ id }: { id: number }) {
  const { t } = useTranslation('caughtMail');
  const address = `/api/app/caught-mail/${id}/source`;
  const query = useQuery({
    queryKey: ['get', address],
    queryFn: async ({ signal }) => {
      const request = new Request(new URL(address, window.location.origin), { signal, credentials: 'same-origin' });
      return (await resilientFetch(request)).text();
    },
    staleTime: Infinity,
  });
  if (query.error) return <ErrorState error={query.error} />;
  if (query.data === undefined) return <Skeleton m={16} height={200} />;
  return (
    <div className={classes.source}>
      <span className={classes.copy}>
        <CopyButton value={query.data} label={t('source')} />
      </span>
      <pre className={classes.plain}>{query.data}</pre>
    </div>
  );
}
