import { findReferences } from '@/ui/schemaForm/accountReferences';
import { ReferencePicker } from '@/ui/schemaForm/ReferencePicker';
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HypotheticalEvent } from './simulate';

type Made = Omit<HypotheticalEvent, 'at' | 'contact'>;
type Props = { onHappen: (event: Made) => void; disabled: boolean; icon: ReactNode };

/** What else may happen, and the thing it is about. */
const kinds = {
  tag_added: { source: 'tag', make: (id: number): Made => ({ action: { type: 'tag.add', tag: id } }) },
  tag_removed: { source: 'tag', make: (id: number): Made => ({ action: { type: 'tag.remove', tag: id } }) },
  subscribed: { source: 'list', make: (id: number): Made => ({ action: { type: 'list.subscribe', list: id } }) },
  unsubscribed: { source: 'list', make: (id: number): Made => ({ action: { type: 'list.unsubscribe', list: id } }) },
  recorded: { source: 'event', make: (id: number): Made => ({ activity: 'event.recorded', data: { event_id: id } }) },
  bought: { source: 'event', make: (id: number): Made => ({ activity: 'event.recorded', data: { event_id: id } }) },
} as const;
type Kind = keyof typeof kinds;

/** The event of the account that is called a purchase, if there is one. */
const purchaseEvent = async () =>
  (await findReferences('event', { q: 'purchase' })).find(({ label }) => /^purchase[ds]?$/i.test(label.trim()))?.value;

/** Something besides mails: a tag, a list, an event of the account. */
export function EventDialog({ onHappen, disabled, icon }: Props) {
  const { t } = useTranslation('simulator');
  const [opened, setOpened] = useState(false);
  const [kind, setKind] = useState<Kind>('tag_added');
  const [chosen, setChosen] = useState<string[]>([]);
  const id = chosen[0];
  return (
    <>
      <Button size="xs" variant="default" disabled={disabled} leftSection={icon} onClick={() => setOpened(true)}>
        {t('play.else')}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('play.else_title')}
        closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      >
        <Stack gap="md">
          <Select
            label={t('play.kind')}
            allowDeselect={false}
            data={(Object.keys(kinds) as Kind[]).map((value) => ({ value, label: t(`play.kinds.${value}`) }))}
            value={kind}
            onChange={(value) => {
              setKind((value ?? 'tag_added') as Kind);
              setChosen([]);
              // Shops mostly call it just that.
              if (value === 'bought')
                void purchaseEvent().then((found) => setChosen(found === undefined ? [] : [found]));
            }}
          />
          {kind === 'bought' ? (
            <Text size="xs" c="dimmed">
              {t('play.bought_help')}
            </Text>
          ) : null}
          <ReferencePicker
            key={kind}
            label={t(`play.things.${kinds[kind].source}`)}
            source={kinds[kind].source}
            multiple={false}
            creatable={false}
            values={chosen}
            onChange={setChosen}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpened(false)}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button
              disabled={id === undefined}
              onClick={() => {
                onHappen(kinds[kind].make(Number(id)));
                setOpened(false);
                setChosen([]);
              }}
            >
              {t('play.happen')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
