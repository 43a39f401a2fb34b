import { ErrorState } from '@/ui/ErrorState';
import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from '../designer.module.css';
import type { PreviewQuery } from '../preview/usePreview';

/** Beside the code: what is left of it when it has been cleaned, as readers get it. */
export function HtmlPreview({ query }: { query: PreviewQuery }) {
  const { t } = useTranslation('emailEditor');
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton height={400} m={16} />;
  return (
    <iframe
      className={classes.htmlFrame}
      title={t('preview.frame')}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      src={query.data.url}
    />
  );
}
