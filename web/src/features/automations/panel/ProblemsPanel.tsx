import { Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import type { Commands } from '../builder/useCommands';
import { cardText, triggerText } from '../model/cardText';
import { findStep } from '../model/document';
import { PanelFrame } from './PanelFrame';
import classes from './panel.module.css';

/** Everything the server found, errors first; a click goes to the step. */
export function ProblemsPanel({ commands }: { commands: Commands }) {
  const { t } = useTranslation('automations');
  const { index } = useBuilder();
  const { problems, summary } = useLive();
  const document = useBuilderState((s) => s.document);
  const sorted = problems.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
  const nameOf = (id: string) => {
    const step = findStep(document, id, index.branchesOf)?.step;
    const trigger = document.triggers.find((x) => x.id === id);
    return step ? cardText(step, index, summary).title : trigger ? triggerText(trigger, index, summary).title : '';
  };
  return (
    <PanelFrame title={t('problems.title')}>
      {sorted.length === 0 ? (
        <Text size="sm" c="dimmed">
          <IconCircleCheck size={16} style={{ verticalAlign: '-3px' }} aria-hidden /> {t('problems.none')}
        </Text>
      ) : null}
      <ul className={classes.list}>
        {sorted.map((p) => (
          <li key={`${p.path} ${p.code} ${p.message}`}>
            <button type="button" className={classes.row} onClick={() => p.step_id && commands.open(p.step_id)}>
              {p.severity === 'error' ? (
                <IconCircleX size={18} color="var(--mantine-color-error)" aria-label={t('severity.error')} />
              ) : (
                <IconAlertTriangle size={18} color="var(--mantine-color-yellow-8)" aria-label={t('severity.warning')} />
              )}
              <span className={classes.grow}>
                <Text size="sm" component="span" display="block">
                  {p.message}
                </Text>
                <Text size="xs" c="dimmed" component="span" display="block">
                  {p.step_id ? nameOf(p.step_id) : t('problems.whole')}
                </Text>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </PanelFrame>
  );
}
