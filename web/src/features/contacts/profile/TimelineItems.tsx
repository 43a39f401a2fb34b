import { formatInstant } from '@/ui/format';
import { TaggedText } from '@/ui/TaggedText';
import { Text } from '@mantine/core';
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
};

const timeOf = (instant: string) =>
  new Intl.DateTimeFormat(navigator.language, { timeStyle: 'short' }).format(new Date(instant));

/** The stream under its day headings. */
export function TimelineItems({ entries, notes, contactId }: Props) {
  const now = new Date();
  return byDay(entries).map((day) => (
    <section key={day.key} aria-label={dayTitle(day.key, now)}>
      <h3 className={classes.day}>{dayTitle(day.key, now)}</h3>
      <ol className={classes.entries}>
        {day.repeats.map((repeat) => (
          <Item key={repeat.first.id} repeat={repeat} notes={notes} {...(contactId ? { contactId } : {})} />
        ))}
      </ol>
    </section>
  ));
}

type ItemProps = { repeat: Repeat; notes: readonly Note[]; contactId?: number };

function Item({ repeat: { first, count }, notes, contactId }: ItemProps) {
  const { t } = useTranslation('contacts');
  const { icon: Icon, tone } = lookOf(first.kind);
  const around = circumstances(first, t);
  const note = first.kind === 'note.added' ? notes.find((n) => n.id === noteId(first)) : undefined;
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
            <TaggedText text={first.detail} />
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

const noteId = (entry: Entry): number | undefined => {
  const data = entry.data as unknown;
  return typeof data === 'object' && data !== null && 'note_id' in data ? Number(data.note_id) : undefined;
};
