import { allows, useSession } from '@/api/session';
import { AppLink } from '@/ui/AppLink';
import { usePageActions } from '@/ui/pageActions';
import { Button } from '@mantine/core';
import { IconDownload, IconFileImport, IconUserPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { toSelection } from './contactList';
import { useExport } from './useExport';
import type { ContactSearch } from './search';

type Props = { search: ContactSearch; manages: boolean; create: () => void };

/** Export, import and create, as buttons of the header and in the palette. A hook in the shape of the header's props. */
export function useHeaderActions({ search, manages, create }: Props) {
  const { t } = useTranslation('contacts');
  const session = useSession();
  const navigate = useNavigate();
  const { start, isPending } = useExport();
  const may = { export: allows(session, 'export_contacts'), import: allows(session, 'import_contacts') };
  const run = () => start(toSelection(search));
  usePageActions([
    ...(manages ? [{ id: 'contacts.create', label: t('create.open'), icon: IconUserPlus, run: create }] : []),
    ...(may.import
      ? [
          {
            id: 'contacts.import',
            label: t('import'),
            icon: IconFileImport,
            run: () => void navigate({ to: '/contacts/import' }),
          },
        ]
      : []),
    ...(may.export ? [{ id: 'contacts.export', label: t('export.button'), icon: IconDownload, run }] : []),
  ]);
  return {
    actions: (
      <>
        {may.export ? (
          <Button
            variant="default"
            data-compact
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={isPending}
            onClick={run}
          >
            {t('export.button')}
          </Button>
        ) : null}
        {may.import ? (
          <Button
            variant="default"
            data-compact
            component={AppLink}
            to="/contacts/import"
            leftSection={<IconFileImport size={16} aria-hidden />}
          >
            {t('import_short')}
          </Button>
        ) : null}
      </>
    ),
    main: manages ? (
      <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={create}>
        {t('create.open')}
      </Button>
    ) : null,
  };
}
