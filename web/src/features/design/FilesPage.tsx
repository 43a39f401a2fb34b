import { ImageLibrary } from '@/ui/images/ImageLibrary';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { useTranslation } from 'react-i18next';

/** The pictures of the account, looked after on a page of their own. */
export function FilesPage() {
  const { t } = useTranslation('design');
  return (
    <Page>
      <PageHeader title={t('files.title')} subtitle={t('files.text')} />
      <ImageLibrary />
    </Page>
  );
}
