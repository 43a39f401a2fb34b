import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { Skeleton } from '@mantine/core';
import { IconCode } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from '../designer.module.css';
import { useEditor } from '../document/store';
import type { PreviewQuery } from '../preview/usePreview';

/** Beside the code: what is left of it when it has been cleaned, as readers get it. */
export function HtmlPreview({ query }: { query: PreviewQuery }) {
  const { t } = useTranslation('emailEditor');
  const blank = useEditor((s) => s.content.html.trim() === '');
  const replaces = useEditor((s) => s.content.design.sections.length > 0);
  if (blank)
    return (
      <EmptyState
        icon={IconCode}
        title={t('html.empty')}
        text={t(replaces ? 'html.empty_replaces' : 'html.empty_text')}
      />
    );
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
