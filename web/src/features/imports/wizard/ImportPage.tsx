import { RequirePermission } from '@/ui/RequirePermission';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { AppLink } from '@/ui/AppLink';
import { Button, Stepper } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { importRoute } from '../routes';
import { MappingStep } from './MappingStep';
import { UploadStep } from './UploadStep';

/** `/contacts/import`: a file or pasted rows, what its columns mean, what to do with the people in it. */
export function ImportPage() {
  const { t } = useTranslation('imports');
  const number = Number(importRoute.useSearch()['file']);
  const file = Number.isSafeInteger(number) && number > 0 ? number : undefined;
  const navigate = useNavigate();
  return (
    <RequirePermission permission="import_contacts">
      <Page>
        <PageHeader
          title={t('wizard.title')}
          actions={
            <Button
              component={AppLink}
              to="/contacts/imports"
              variant="default"
              leftSection={<IconHistory size={16} aria-hidden />}
            >
              {t('wizard.past')}
            </Button>
          }
        />
        <Stepper active={file === undefined ? 0 : 1} size="sm" mb="xl" maw={720} iconSize={30}>
          <Stepper.Step label={t('wizard.file')} component="div" />
          <Stepper.Step label={t('wizard.columns')} component="div" />
          <Stepper.Step label={t('wizard.run')} component="div" />
        </Stepper>
        {file === undefined ? (
          <UploadStep onUploaded={(id) => void navigate({ to: '/contacts/import', search: { file: id } })} />
        ) : (
          <MappingStep
            key={file}
            importId={file}
            onOtherFile={() => void navigate({ to: '/contacts/import', search: {} })}
            onStarted={() => void navigate({ to: '/contacts/imports/$importId', params: { importId: String(file) } })}
          />
        )}
      </Page>
    </RequirePermission>
  );
}
