import { IconBolt, IconPlus } from '@tabler/icons-react';
import type { Node, NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import { cardText, triggerText } from '../model/cardText';
import { slotKey, type Note, type Slot, type Step, type Trigger } from '../model/document';
import { worstByStep } from '../model/problems';
import classes from './canvas.module.css';
import { Card } from './Card';
import { FoldCard } from './FoldCard';
import { NoteCard } from './NoteCard';
import { iconOf, tintOf } from './icons';
import { useCanvas } from './state';

export type StepNode = Node<{ step: Step }, 'step'>;
export type TriggerNode = Node<{ trigger: Trigger }, 'trigger'>;
export type SlotNode = Node<{ slot: Slot; name: string }, 'slot'>;
export type NoteNode = Node<{ note: Note }, 'note'>;
export type FoldNode = Node<{ step: Step; branch: string }, 'fold'>;
export type PlainNode = Node<Record<string, never>, 'add_trigger' | 'end'>;
export type CanvasNode = StepNode | TriggerNode | SlotNode | NoteNode | FoldNode | PlainNode;

const StepCard = memo(function StepCard({ data }: NodeProps<StepNode>) {
  const { index } = useBuilder();
  const { summary, problems } = useLive();
  const { step } = data;
  const description = index.step(step.type);
  // A card that names another step follows it.
  useBuilderState((s) => (description?.options.some((o) => o.type === 'step') ? s.document : null));
  const problem = worstByStep(problems).get(step.id);
  return (
    <Card
      id={step.id}
      shape={index.shapeOf(step)}
      text={cardText(step, index, summary)}
      icon={iconOf(description)}
      tint={tintOf(description)}
      {...(problem ? { problem } : {})}
    />
  );
});

const TriggerCard = memo(function TriggerCard({ data }: NodeProps<TriggerNode>) {
  const { index } = useBuilder();
  const { summary, problems } = useLive();
  const problem = worstByStep(problems).get(data.trigger.id);
  return (
    <Card
      id={data.trigger.id}
      shape="trigger"
      text={triggerText(data.trigger, index, summary)}
      icon={IconBolt}
      tint="teal"
      {...(problem ? { problem } : {})}
    />
  );
});

const SlotButton = memo(function SlotButton({ data }: NodeProps<SlotNode>) {
  const { t } = useTranslation('automations');
  const { onSlot, targets, nearest } = useCanvas();
  const key = slotKey(data.slot);
  const open = useBuilderState((s) => s.panel.kind === 'picker' && slotKey(s.panel.slot) === key);
  return (
    <button
      type="button"
      className={`${classes.slot} nodrag`}
      tabIndex={-1}
      aria-label={t('add_step_here', { place: data.name })}
      data-open={open || undefined}
      data-target={targets?.has(key) || undefined}
      data-nearest={nearest === key || undefined}
      onClick={() => onSlot(data.slot)}
    >
      <IconPlus size={14} stroke={2.2} aria-hidden />
    </button>
  );
});

function AddTrigger() {
  const { t } = useTranslation('automations');
  const { onAddTrigger } = useCanvas();
  return (
    <button type="button" className={`${classes.addTrigger} nodrag`} onClick={onAddTrigger}>
      <IconPlus size={16} aria-hidden />
      {t('trigger')}
    </button>
  );
}

function End() {
  const { t } = useTranslation('automations');
  return <div className={classes.pill}>{t('end')}</div>;
}

export const nodeTypes = {
  step: StepCard,
  trigger: TriggerCard,
  slot: SlotButton,
  note: NoteCard,
  fold: FoldCard,
  add_trigger: AddTrigger,
  end: End,
};
