import { formatNumber } from '@/ui/format';
import { List } from '@mantine/core';
import { Trans, useTranslation } from 'react-i18next';
import type { StepMove } from '../api/types';
import { cardText } from '../model/cardText';
import { findStep, type Step } from '../model/document';
import { useBuilder, useBuilderState, useLive } from './context';

/** Who stays and who goes where, those who move first. */
export function MoveList({ moves }: { moves: readonly StepMove[] }) {
  const { t } = useTranslation('automations');
  const { index } = useBuilder();
  const { summary } = useLive();
  const document = useBuilderState((s) => s.document);
  const nameOf = (step: Step | undefined) => {
    if (step === undefined) return t('run.removed_step');
    const { title, detail } = cardText(step, index, summary);
    return detail === '' ? title : `${title}: ${detail}`;
  };
  const inDraft = (id: string) => nameOf(findStep(document, id, index.branchesOf)?.step);
  const removed = ({ from, removed: was }: StepMove) =>
    was ? nameOf({ ...(was.options as object), id: from, type: was.type }) : t('run.removed_step');
  const rows = moves.toSorted((a, b) => Number(a.from === a.to) - Number(b.from === b.to) || b.count - a.count);
  return (
    <List size="sm" spacing={6}>
      {rows.map((move) => {
        const kind = move.to === move.from ? 'stay' : move.to === null ? 'end' : 'move';
        const values = {
          number: formatNumber(move.count),
          from: kind === 'stay' ? inDraft(move.from) : removed(move),
          to: kind === 'move' ? inDraft(move.to ?? '') : '',
        };
        return (
          <List.Item key={move.from}>
            <Trans
              t={t}
              i18nKey={`publish.${kind}`}
              count={move.count}
              values={values}
              components={{ b: <strong /> }}
              // Names are people's text: escaped for the way through the tags of the sentence, and shown as typed.
              tOptions={{ interpolation: { escapeValue: true } }}
              shouldUnescape
            />
          </List.Item>
        );
      })}
    </List>
  );
}
