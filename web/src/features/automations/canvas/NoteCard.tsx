import { IconTrash } from '@tabler/icons-react';
import type { NodeProps } from '@xyflow/react';
import { memo, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './note.module.css';
import type { NoteNode } from './nodes';
import { useCanvas } from './state';

const longest = 2000;

/** A sticky note, written in place. */
export const NoteCard = memo(function NoteCard({ data: { note } }: NodeProps<NoteNode>) {
  const { t } = useTranslation('automations');
  const { readOnly, freshNote, commands } = useCanvas();
  const field = useRef<HTMLTextAreaElement>(null);
  const fresh = freshNote === note.id;
  useEffect(() => {
    if (fresh) field.current?.focus({ preventScroll: true });
  }, [fresh]);
  return (
    <div className={`${classes.note} nodrag nowheel`}>
      {readOnly ? (
        <p className={classes.text}>{note.text}</p>
      ) : (
        <textarea
          ref={field}
          className={classes.text}
          aria-label={t('note.label')}
          placeholder={t('note.placeholder')}
          maxLength={longest}
          value={note.text}
          onChange={(e) => commands.editNote(note.id, e.currentTarget.value)}
          // Keys of the canvas are letters here.
          onKeyDown={(e) => {
            e.stopPropagation();
            if (e.key === 'Escape') e.currentTarget.blur();
          }}
        />
      )}
      <footer className={classes.foot}>
        <span>{note.author}</span>
        {readOnly ? null : (
          <button
            type="button"
            className={classes.remove}
            aria-label={t('note.remove')}
            onClick={() => commands.removeNote(note.id)}
          >
            <IconTrash size={13} aria-hidden />
          </button>
        )}
      </footer>
    </div>
  );
});
