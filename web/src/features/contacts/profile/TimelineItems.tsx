import { formatInstant } from '@/ui/format';
import { TaggedText } from '@/ui/TaggedText';
import { Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { circumstances, machineOf } from './circumstances';
import { lookOf } from './kinds';
import { NoteText } from './NoteText';
import type { Entry, Note } from './profile';
import classes from './profile.module.css';
import { byDay, dayTitle, type Repeat } from './timelineDays';

type Props = {
  entries: readonly Entry[];
  notes: readonly Note[];
  /** With it, notes can be edited and deleted. */
  contactId?: number;
  /** Shows a 1:1 e-mail. */
  onMail?: (mailId: number) => void;
};

const timeOf = (instant: string) =>
  new Intl.DateTimeFormat(navigator.language, { timeStyle: 'short' }).format(new Date(instant));

/** The stream under its day headings. */
export function TimelineItems({ entries, notes, contactId, onMail }: Props) {
  const now = new Date();
  return byDay(entries).map((day) => (
    <section key={day.key} aria-label={dayTitle(day.key, now)}>
      <h3 className={classes.day}>{dayTitle(day.key, now)}</h3>
      <ol className={classes.entries}>
        {day.repeats.map((repeat) => (
          <Item
            key={repeat.first.id}
            repeat={repeat}
            notes={notes}
            {...(contactId ? { contactId } : {})}
            {...(onMail ? { onMail } : {})}
          />
        ))}
      </ol>
    </section>
  ));
}

type ItemProps = {
  repeat: Repeat;
  notes: readonly Note[];
  contactId?: number;
  onMail?: (mailId: number) => void;
};

function Item({ repeat: { first, count }, notes, contactId, onMail }: ItemProps) {
  const { t } = useTranslation('contacts');
  const { icon: Icon, tone } = lookOf(first.kind);
  const around = circumstances(first, t);
  const mail = first.kind.startsWith('personal.') ? numberOf(first, 'mail_id') : undefined;
  const note = first.kind === 'note.added' ? notes.find((n) => n.id === numberOf(first, 'note_id')) : undefined;
  return (
    <li className={classes.entry}>
      <span className={classes.bullet} data-tone={machineOf(first) ? undefined : tone}>
        <Icon size={15} aria-hidden />
      </span>
      <div className={classes.what}>
        <Text span size="sm" fw={500}>
          {note ? t('timeline.note_by', { author: note.author ?? t('timeline.product') }) : first.title}
        </Text>
        {first.detail && !note ? (
          <Text span size="sm" c="dimmed">
            {' '}
            {mail !== undefined && onMail ? (
              <UnstyledButton fz="sm" c="var(--mantine-color-anchor)" onClick={() => onMail(mail)}>
                {first.detail}
              </UnstyledButton>
            ) : (
              <TaggedText text={first.detail} />
            )}
          </Text>
        ) : null}
        {count > 1 ? (
          <Text span size="xs" c="dimmed" className="tabular">
            {' '}
            {t('timeline.times', { count })}
          </Text>
        ) : null}
        {around ? (
          <Text size="xs" c="dimmed">
            {around}
          </Text>
        ) : null}
        {note ? <NoteText note={note} {...(contactId ? { contactId } : {})} /> : null}
      </div>
      <time
        dateTime={first.occurred_at}
        title={formatInstant(new Date(first.occurred_at))}
        className={`${classes.time} tabular`}
      >
        {timeOf(first.occurred_at)}
      </time>
    </li>
  );
}

const numberOf = (entry: Entry, member: string): number | undefined => {
  const data = entry.data as unknown;
  return typeof data === 'object' && data !== null && member in data
    ? Number((data as Record<string, unknown>)[member])
    : undefined;
};
