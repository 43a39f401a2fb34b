import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { SubscriptionBadge } from '@/ui/people/SubscriptionBadge';
import { When } from '@/ui/When';
import { ActionIcon, Group, Menu, Text } from '@mantine/core';
import { IconDots, IconMail, IconMailOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProfileList } from './profile';
import classes from './profile.module.css';

type Props = { list: ProfileList; manages: boolean; onSet: (status: 'active' | 'unsubscribed') => void };

export function ListRow({ list, manages, onSet }: Props) {
  const { t } = useTranslation('contacts');
  const [asking, setAsking] = useState(false);
  const since = list.status === 'unsubscribed' ? list.unsubscribed_at : list.subscribed_at;
  // Someone who left by their own doing must not be put back without a question.
  const leftByThemselves = list.status === 'unsubscribed' || list.status === 'bounced';
  return (
    <div className={classes.listRow}>
      <div>
        <Text size="sm">{list.name}</Text>
        {since ? (
          <Text size="xs" c="dimmed">
            <When at={since} /> · {t(`source.${list.source}`, { defaultValue: list.source })}
            {list.reason ? ` · ${list.reason}` : ''}
          </Text>
        ) : null}
      </div>
      <Group gap={4} wrap="nowrap">
        <SubscriptionBadge status={list.status} />
        {manages ? (
          <Menu position="bottom-end" width={220}>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size={26} aria-label={t('lists.change', { list: list.name })}>
                <IconDots size={16} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {list.status === 'active' ? null : (
                <Menu.Item
                  leftSection={<IconMail size={16} aria-hidden />}
                  onClick={() => (leftByThemselves ? setAsking(true) : onSet('active'))}
                >
                  {t('lists.subscribe')}
                </Menu.Item>
              )}
              {list.status === 'unsubscribed' ? null : (
                <Menu.Item leftSection={<IconMailOff size={16} aria-hidden />} onClick={() => onSet('unsubscribed')}>
                  {t('lists.unsubscribe')}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </Group>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('lists.again.title', { list: list.name })}
        effect={t(`lists.again.${list.status === 'bounced' ? 'bounced' : 'unsubscribed'}`)}
        confirmLabel={t('lists.again.confirm')}
        onConfirm={() => onSet('active')}
      />
    </div>
  );
}
