import { SidePanel } from '@/ui/SidePanel';
import { useTranslation } from 'react-i18next';
import { FieldForm } from './FieldForm';
import type { Field, Group } from './useFields';

type Props = { editing: { field: Field | null } | null; groups: readonly Group[]; onClose: () => void };

export function FieldPanel({ editing, groups, onClose }: Props) {
  const { t } = useTranslation('audience');
  const title = editing?.field ? t('fields.edit', { name: editing.field.name }) : t('fields.new');
  return (
    <SidePanel opened={editing !== null} onClose={onClose} title={title} width={460}>
      {editing ? <FieldForm field={editing.field} groups={groups} onDone={onClose} /> : null}
    </SidePanel>
  );
}
