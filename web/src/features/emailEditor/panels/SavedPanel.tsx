import { AppLink } from '@/ui/AppLink';
import { ErrorState } from '@/ui/ErrorState';
import { useDragItem } from '@/ui/dnd/DragArea';
import { Anchor, Skeleton } from '@mantine/core';
import { IconLayoutRows, IconShare3, IconSquare } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useInsert, type DragItem } from '../actions';
import { useParts, type DesignPart } from '../parts/parts';
import classes from './panels.module.css';

/** Sections and blocks kept for other mails: shared ones first, for a change of them is in all mails at once. */
export function SavedPanel() {
  const { t } = useTranslation('emailEditor');
  const parts = useParts();
  if (parts.error) return <ErrorState error={parts.error} onRetry={() => void parts.refetch()} />;
  if (!parts.data) return <Skeleton height={140} mt={12} />;
  const all = parts.data.parts;
  if (all.length === 0) return <p className={classes.hint}>{t('saved.empty')}</p>;
  return (
    <>
      {(['shared', 'saved'] as const).map((group) => {
        const own = all.filter((p) => p.is_shared === (group === 'shared'));
        return own.length === 0 ? null : (
          <section key={group} aria-label={t(`saved.${group}`)}>
            <h2 className={classes.group}>{t(`saved.${group}`)}</h2>
            <div className={classes.partList}>
              {own.map((part) => (
                <PartCard key={part.id} part={part} />
              ))}
            </div>
          </section>
        );
      })}
      <Anchor component={AppLink} to="/blocks" size="xs" mt="md" display="block">
        {t('saved.all')}
      </Anchor>
    </>
  );
}

function PartCard({ part }: { part: DesignPart }) {
  const { t } = useTranslation('emailEditor');
  const insert = useInsert();
  const { handle } = useDragItem<DragItem>(`part:${part.id}`, { part, label: part.name });
  const Icon = part.is_shared ? IconShare3 : part.is_block ? IconSquare : IconLayoutRows;
  return (
    <button type="button" className={classes.part} {...handle} onClick={() => insert.part(part)}>
      <Icon size={17} stroke={1.6} aria-hidden />
      <span>
        <strong>{part.name}</strong>
        <small>
          {t(part.is_block ? 'saved.block' : 'saved.section')}
          {part.is_shared
            ? ` · ${t('saved.used', { count: part.used_in })}`
            : part.category
              ? ` · ${part.category}`
              : ''}
        </small>
      </span>
    </button>
  );
}
