import { ErrorState } from '@/ui/ErrorState';
import { toastProblem, toastUndo } from '@/ui/toasts';
import { Button, Skeleton, Stack } from '@mantine/core';
import { IconTemplate } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TemplateFrame } from '../../templates/TemplateFrame';
import { contentOf, useTemplates, type TemplateBody } from '../../templates/templates';
import { readDesign } from '../document/read';
import { useEditor } from '../document/store';
import classes from './panels.module.css';

const TemplatePicker = lazy(() =>
  import('../../templates/TemplatePicker').then((m) => ({ default: m.TemplatePicker })),
);

/** A few of very different kinds; the others are one click away. */
const shown = ['welcome', 'journal-letter', 'newsletter', 'product-launch', 'event', 'flash-sale'].map(
  (key) => `library/${key}`,
);

/** Templates to begin with; choosing one replaces what is there, and can be undone. */
export function StarterList({ wide }: { wide?: boolean }) {
  const { t } = useTranslation('emailEditor');
  const templates = useTemplates();
  const change = useEditor((s) => s.change);
  const undo = useEditor((s) => s.undo);
  const isEmpty = useEditor((s) => s.content.design.sections.length === 0);
  const subject = useEditor((s) => s.content.subject);
  const preheader = useEditor((s) => s.content.preheader);
  const [picking, setPicking] = useState(false);
  const begin = (content: TemplateBody) => {
    const design = readDesign(content.design);
    change({
      ...(content.design === null ? { mode: 'html', html: content.html ?? '' } : { mode: 'design' }),
      design: { ...design, settings: { ...design.settings, preheader: '' } },
      ...(subject === '' ? { subject: content.subject } : {}),
      ...(preheader === '' ? { preheader: content.preheader } : {}),
    });
    if (!isEmpty) toastUndo(t('panels.starter_used', { name: content.name }), undo);
  };
  if (templates.error) return <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />;
  if (!templates.data)
    return (
      <Stack gap="sm" aria-busy="true">
        <Skeleton height={120} />
        <Skeleton height={120} />
      </Stack>
    );
  const own = templates.data.templates.filter((x) => x.category === 'custom').slice(0, 3);
  const few = shown.flatMap((key) => templates.data.templates.find((x) => x.template === key) ?? []);
  return (
    <>
      <div className={wide ? classes.startersWide : classes.starters}>
        {[...own, ...few].map((template) => (
          <div key={template.template} className={classes.starter}>
            <div className={classes.picture}>
              <TemplateFrame template={template} />
            </div>
            <button
              type="button"
              className={classes.starterButton}
              onClick={() => void contentOf(template.template).then(begin, toastProblem)}
            >
              <span className={classes.starterName}>{template.name}</span>
              <span className={classes.starterText}>{template.description}</span>
            </button>
          </div>
        ))}
      </div>
      <Button
        variant="light"
        mt={20}
        mr={8}
        leftSection={<IconTemplate size={16} aria-hidden />}
        onClick={() => setPicking(true)}
      >
        {t('panels.all_templates')}
      </Button>
      {picking ? (
        <Suspense>
          <TemplatePicker
            onClose={() => setPicking(false)}
            onPick={(content) => {
              setPicking(false);
              begin(content);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}
