import { Tabs } from '@mantine/core';
import { IconDeviceMobile, IconFilter, IconAdjustments } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './panels.module.css';

type Props = {
  content: ReactNode;
  mobile: ReactNode;
  showWhen: ReactNode;
  marks: { mobile: boolean; showWhen: boolean };
};

/** Options of a block or section in three parts; a dot marks those that differ from the usual. */
export function OptionTabs({ content, mobile, showWhen, marks }: Props) {
  const { t } = useTranslation('emailEditor');
  const dot = (on: boolean) => (on ? <span className={classes.dot} role="img" aria-label={t('tabs.set')} /> : null);
  return (
    <Tabs defaultValue="content" keepMounted={false} className={classes.tabs}>
      <Tabs.List grow>
        <Tabs.Tab value="content" leftSection={<IconAdjustments size={15} aria-hidden />}>
          {t('tabs.content')}
        </Tabs.Tab>
        <Tabs.Tab
          value="mobile"
          leftSection={<IconDeviceMobile size={15} aria-hidden />}
          rightSection={dot(marks.mobile)}
        >
          {t('tabs.mobile')}
        </Tabs.Tab>
        <Tabs.Tab value="show" leftSection={<IconFilter size={15} aria-hidden />} rightSection={dot(marks.showWhen)}>
          {t('tabs.show')}
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="content" pt="md">
        {content}
      </Tabs.Panel>
      <Tabs.Panel value="mobile" pt="md">
        {mobile}
      </Tabs.Panel>
      <Tabs.Panel value="show" pt="md">
        {showWhen}
      </Tabs.Panel>
    </Tabs>
  );
}
