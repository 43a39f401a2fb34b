import { ErrorState } from '@/ui/ErrorState';
import { ReferencePicker } from '@/ui/schemaForm/ReferencePicker';
import { When } from '@/ui/When';
import { Button, Group, Menu, Skeleton, Stack, Text } from '@mantine/core';
import {
  IconArrowBackUp,
  IconCalendarPlus,
  IconMail,
  IconMailOff,
  IconPlayerSkipForward,
  IconPlus,
  IconPointer,
  IconRotate,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EventDialog } from './EventDialog';
import { PersonTimeline } from './PersonTimeline';
import classes from './simulator.module.css';
import type { Play } from './usePlay';

const jumps = [
  { key: 'hour', ms: 3_600_000 },
  { key: 'day', ms: 86_400_000 },
  { key: 'week', ms: 604_800_000 },
] as const;

/** One contact, moment by moment: on to what happens next, or something happens now. */
export function PlayPanel({ play }: { play: Play }) {
  const { t } = useTranslation('simulator');
  const { person, result } = play;
  const over = person !== null && person.step_id === null;
  return (
    <Stack gap="md">
      <ReferencePicker
        label={t('play.contact')}
        source="contact"
        multiple={false}
        creatable={false}
        values={play.contact === null ? [] : [play.contact]}
        onChange={([contact]) => play.begin(contact ?? null)}
      />
      {play.contact === null ? (
        <Text size="sm" c="dimmed">
          {t('play.intro')}
        </Text>
      ) : null}
      {play.error ? <ErrorState error={play.error} onRetry={play.retry} /> : null}
      {play.contact !== null && person === null && !play.error ? <Skeleton height={160} /> : null}
      {person && result ? (
        <>
          <div className={classes.clock} aria-live="polite">
            <Text size="xs" c="dimmed">
              {t('play.now')}
            </Text>
            <Text fw={600}>
              <When at={play.until} mode="full" />
            </Text>
          </div>
          <Group gap={8}>
            <Button
              size="xs"
              disabled={result.next_at === null || over}
              loading={play.busy}
              leftSection={<IconPlayerSkipForward size={14} aria-hidden />}
              onClick={() => result.next_at !== null && play.advance(result.next_at)}
            >
              {t('play.next')}
            </Button>
            <Menu position="bottom-start">
              <Menu.Target>
                <Button
                  size="xs"
                  variant="default"
                  disabled={over}
                  leftSection={<IconCalendarPlus size={14} aria-hidden />}
                >
                  {t('play.later')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {jumps.map(({ key, ms }) => (
                  <Menu.Item
                    key={key}
                    onClick={() => play.advance(new Date(new Date(play.until).getTime() + ms).toISOString())}
                  >
                    {t(`play.jump.${key}`)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            <Button
              size="xs"
              variant="default"
              disabled={!play.canUndo}
              leftSection={<IconArrowBackUp size={14} aria-hidden />}
              onClick={play.undo}
            >
              {t('play.undo')}
            </Button>
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              leftSection={<IconRotate size={14} aria-hidden />}
              onClick={() => play.begin(play.contact)}
            >
              {t('play.restart')}
            </Button>
          </Group>
          <div>
            <Text size="xs" fw={600} c="dimmed" mb={6}>
              {t('play.what_if')}
            </Text>
            <Group gap={8}>
              <Button
                size="xs"
                variant="light"
                disabled={over || play.mail === null}
                leftSection={<IconMail size={14} aria-hidden />}
                onClick={() => play.happen({ activity: 'email.opened', step: play.mail })}
              >
                {t('play.open')}
              </Button>
              <Button
                size="xs"
                variant="light"
                disabled={over || play.mail === null}
                leftSection={<IconPointer size={14} aria-hidden />}
                onClick={() => play.happen({ activity: 'email.clicked', step: play.mail })}
              >
                {t('play.click')}
              </Button>
              <Button
                size="xs"
                variant="light"
                disabled={over || play.mail === null}
                leftSection={<IconMailOff size={14} aria-hidden />}
                onClick={() => play.happen({ activity: 'email.unsubscribed', step: play.mail, data: { way: 'page' } })}
              >
                {t('play.unsubscribe')}
              </Button>
              <EventDialog onHappen={play.happen} disabled={over} icon={<IconPlus size={14} aria-hidden />} />
            </Group>
            {play.mail === null && !over ? (
              <Text size="xs" c="dimmed" mt={6}>
                {t('play.no_mail')}
              </Text>
            ) : null}
          </div>
          <PersonTimeline person={person} />
          {!over && result.next_at === null ? (
            <Text size="sm" c="dimmed">
              {t('play.nothing_next')}
            </Text>
          ) : null}
        </>
      ) : null}
    </Stack>
  );
}
