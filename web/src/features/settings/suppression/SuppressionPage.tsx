import { PageHeader } from '@/ui/PageHeader';
import { Tabs } from '@mantine/core';
import { IconBan, IconShieldCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { StoppedList } from './StoppedList';
import { ExclusionList } from './ExclusionList';

/** Who is not mailed: what people keep by hand, and what bounces, complaints and unsubscribes have stopped. */
export function SuppressionPage() {
  const { t } = useTranslation('settings');
  return (
    <>
      <PageHeader title={t('suppression.title')} area={t('title')} subtitle={t('suppression.text')} />
      <Tabs defaultValue="exclusions" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="exclusions" leftSection={<IconBan size={16} aria-hidden />}>
            {t('suppression.by_you')}
          </Tabs.Tab>
          <Tabs.Tab value="stopped" leftSection={<IconShieldCheck size={16} aria-hidden />}>
            {t('suppression.by_events')}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="exclusions">
          <ExclusionList />
        </Tabs.Panel>
        <Tabs.Panel value="stopped">
          <StoppedList />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
