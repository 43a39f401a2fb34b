import { AppLink } from '@/ui/AppLink';
import { When } from '@/ui/When';
import { ActionIcon, Anchor, Menu, Text } from '@mantine/core';
import { IconDots, IconPlayerSkipForward, IconPlayerStop, IconRefresh, IconRoute } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RunCommand } from '../api/automations';
import type { Person } from '../api/types';
import { errorText } from '../model/errorText';
import classes from './panel.module.css';

/** One contact of the list, with what can be done about its run. */
export function PersonRow({
  person,
  automationId,
  onCommand,
}: {
  person: Person;
  automationId: string;
  onCommand: (what: RunCommand) => void;
}) {
  const { t } = useTranslation('automations');
  const navigate = useNavigate();
  const name = person.name === '' ? (person.email ?? `#${person.contact_id}`) : person.name;
  const inside = ['active', 'waiting', 'parked'].includes(person.status);
  return (
    <li className={classes.row}>
      <div className={classes.grow}>
        <Anchor component={AppLink} to={`/contacts/${person.contact_id}`} size="sm" fw={600}>
          {name}
        </Anchor>
        <Text size="xs" c="dimmed">
          {t(`run_status.${person.status}`)} · {t('people.since')} <When at={person.since} />
          {person.due_at ? (
            <>
              {' '}
              · {t('people.due')} <When at={person.due_at} />
            </>
          ) : null}
        </Text>
        {person.error ? (
          <Text size="xs" c="var(--mantine-color-error)">
            {errorText(person.error, t)}
          </Text>
        ) : null}
      </div>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('people.menu', { name })}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconRoute size={14} aria-hidden />}
            onClick={() =>
              void navigate({
                to: '/automations/$id/runs/$run',
                params: { id: automationId, run: String(person.run_id) },
              })
            }
          >
            {t('people.path')}
          </Menu.Item>
          {person.status === 'waiting' ? (
            <Menu.Item
              leftSection={<IconPlayerSkipForward size={14} aria-hidden />}
              onClick={() => onCommand('skip-wait')}
            >
              {t('people.skip')}
            </Menu.Item>
          ) : null}
          {person.status === 'parked' ? (
            <Menu.Item leftSection={<IconRefresh size={14} aria-hidden />} onClick={() => onCommand('retry')}>
              {t('people.retry')}
            </Menu.Item>
          ) : null}
          {inside ? (
            <Menu.Item
              color="red"
              leftSection={<IconPlayerStop size={14} aria-hidden />}
              onClick={() => onCommand('end')}
            >
              {t('people.end')}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
