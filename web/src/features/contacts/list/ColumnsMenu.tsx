import type { GridColumn } from '@/ui/grid/types';
import { Button, Popover, Skeleton } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContactRow } from './contactList';
import type { GridLayout } from './useLayout';

const ColumnList = lazy(() => import('./ColumnList').then((m) => ({ default: m.ColumnList })));

type Props = {
  all: readonly GridColumn<ContactRow>[];
  layout: GridLayout;
  onLayout: (layout: GridLayout) => void;
  onReset: () => void;
  isStandard: boolean;
};

/** Which columns the list has and in which order. */
export function ColumnsMenu(props: Props) {
  const { t } = useTranslation('contacts');
  return (
    <Popover width={280} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" data-compact leftSection={<IconColumns3 size={16} aria-hidden />}>
          {t('layout.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('layout.columns')}>
        <Suspense fallback={<Skeleton height={200} />}>
          <ColumnList {...props} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
