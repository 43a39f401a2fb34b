import { SidePanel } from '@/ui/SidePanel';
import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type Props = {
  title: string;
  saving: boolean;
  onSave: () => void;
  onClose: () => void;
  children: ReactNode;
  width?: number;
};

/** One decision, edited beside the page. */
export function EditPanel({ title, saving, onSave, onClose, children, width = 440 }: Props) {
  const { t } = useTranslation(['campaigns', 'common']);
  return (
    <SidePanel opened onClose={onClose} title={title} width={width}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          onSave();
        }}
      >
        <Stack gap="md">
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button type="submit" loading={saving}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </SidePanel>
  );
}
