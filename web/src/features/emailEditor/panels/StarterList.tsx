import { ErrorState } from '@/ui/ErrorState';
import { toastUndo } from '@/ui/toasts';
import { Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStarters } from '../catalogue';
import { readDesign } from '../document/read';
import { useEditor } from '../document/store';
import classes from './panels.module.css';
import { StarterPicture } from './StarterPicture';

/** Designs to begin with; choosing one replaces the blocks, and can be undone. */
export function StarterList({ wide }: { wide?: boolean }) {
  const { t } = useTranslation('emailEditor');
  const starters = useStarters();
  const change = useEditor((s) => s.change);
  const undo = useEditor((s) => s.undo);
  const isEmpty = useEditor((s) => s.content.design.sections.length === 0);
  const preheader = useEditor((s) => s.content.preheader);
  if (starters.error) return <ErrorState error={starters.error} onRetry={() => void starters.refetch()} />;
  if (!starters.data)
    return (
      <Stack gap="sm" aria-busy="true">
        <Skeleton height={120} />
        <Skeleton height={120} />
      </Stack>
    );
  return (
    <div className={wide ? classes.startersWide : classes.starters}>
      {starters.data.designs.map((starter) => {
        const design = readDesign(starter.design);
        return (
          <button
            key={starter.key}
            type="button"
            className={classes.starter}
            onClick={() => {
              change({
                mode: 'design',
                design: { ...design, settings: { ...design.settings, preheader: '' } },
                ...(preheader === '' ? { preheader: design.settings.preheader } : {}),
              });
              if (!isEmpty) toastUndo(t('panels.starter_used', { name: starter.name }), undo);
            }}
          >
            <StarterPicture design={design} />
            <span className={classes.starterName}>{starter.name}</span>
            <span className={classes.starterText}>{starter.description}</span>
          </button>
        );
      })}
    </div>
  );
}
