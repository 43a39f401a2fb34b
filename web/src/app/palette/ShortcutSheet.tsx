import { allActions, type PageAction } from '@/ui/pageActions';
import { keysText, singleKeys } from '@/ui/shortcutKeys';
import { Kbd, Modal, SimpleGrid, Switch, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './ShortcutSheet.module.css';

export default function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['shell', 'common']);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('shortcuts.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      {opened ? <Sheet /> : null}
    </Modal>
  );
}

function Sheet() {
  const { t } = useTranslation('shell');
  const [single, setSingle] = useState(singleKeys.on);
  const groups = Map.groupBy(
    allActions().filter((a) => a.keys !== undefined),
    (a: PageAction) => a.group ?? t('groups.page'),
  );
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={28}>
        {[...groups].map(([group, actions]) => (
          <section key={group}>
            <Title order={3} mb={4}>
              {group}
            </Title>
            <dl className={classes.list}>
              {actions.map((a) => (
                <div key={a.id} className={classes.row}>
                  <dt>{a.label}</dt>
                  <dd>
                    <Kbd size="xs">{keysText(a.keys ?? '')}</Kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </SimpleGrid>
      <Switch
        mt="xl"
        label={t('shortcuts.single')}
        description={t('shortcuts.single_help')}
        checked={single}
        onChange={(e) => {
          singleKeys.on = e.currentTarget.checked;
          setSingle(e.currentTarget.checked);
        }}
      />
      <Text size="xs" c="dimmed" mt="sm">
        {t('shortcuts.note')}
      </Text>
    </>
  );
}
