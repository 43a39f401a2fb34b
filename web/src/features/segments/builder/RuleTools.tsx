import type { ConditionNode } from '@/ui/conditions/tree';
import { keysText } from '@/ui/shortcutKeys';
import { toast } from '@/ui/toasts';
import { ActionIcon, Group } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconClipboardCopy, IconClipboardText } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { useHistory } from './useHistory';

const PasteRule = lazy(() => import('./PasteRule').then((m) => ({ default: m.PasteRule })));

type Props = {
  tree: ConditionNode;
  history: Pick<ReturnType<typeof useHistory>, 'canUndo' | 'canRedo' | 'undo' | 'redo'>;
  /** Whether the rule may be changed. */
  manages: boolean;
  onPaste: (tree: ConditionNode) => void;
};

/** Undo, redo, and the rule as text. */
export function RuleTools({ tree, history, manages, onPaste }: Props) {
  const { t } = useTranslation('segments');
  const [pasting, setPasting] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(JSON.stringify(tree, null, 2));
      toast(t('json.copied'));
    } catch {
      toast(t('json.not_copied'));
    }
  };
  const tools = [
    { label: t('undo'), keys: 'mod+z', icon: IconArrowBackUp, run: history.undo, off: !manages || !history.canUndo },
    {
      label: t('redo'),
      keys: 'mod+shift+z',
      icon: IconArrowForwardUp,
      run: history.redo,
      off: !manages || !history.canRedo,
    },
    { label: t('json.copy'), icon: IconClipboardCopy, run: () => void copy(), off: false },
    { label: t('json.paste'), icon: IconClipboardText, run: () => setPasting(true), off: !manages },
  ];
  return (
    <Group gap={4} ml="auto">
      {tools.map(({ label, keys, icon: Icon, run, off }) => (
        <ActionIcon
          key={label}
          variant="subtle"
          color="gray"
          aria-label={label}
          title={keys ? `${label} (${keysText(keys)})` : label}
          disabled={off}
          onClick={run}
        >
          <Icon size={18} aria-hidden />
        </ActionIcon>
      ))}
      {pasting ? (
        <Suspense fallback={null}>
          <PasteRule onClose={() => setPasting(false)} onPaste={onPaste} />
        </Suspense>
      ) : null}
    </Group>
  );
}
