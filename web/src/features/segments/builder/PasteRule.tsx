import { treeErrors } from '@/ui/conditions/errors';
import { editable, type ConditionNode } from '@/ui/conditions/tree';
import { problemText } from '@/ui/problemText';
import { Alert, Button, Code, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkTree } from '../segments';

type Wrong = { text: string; places: readonly (readonly [string, string])[] };
type Props = { onClose: () => void; onPaste: (tree: ConditionNode) => void };

/** Takes a rule as text. Nothing changes before the server has understood all of it. */
export function PasteRule({ onClose, onPaste }: Props) {
  const { t } = useTranslation(['segments', 'common']);
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [busy, setBusy] = useState(false);
  const use = async () => {
    let given: unknown;
    try {
      given = JSON.parse(text);
    } catch (error) {
      setWrong({ text: t('json.bad', { reason: (error as Error).message }), places: [] });
      return;
    }
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      setWrong({ text: t('json.not_object'), places: [] });
      return;
    }
    setBusy(true);
    try {
      await checkTree(given);
      onPaste(editable(given as ConditionNode));
      onClose();
    } catch (problem) {
      const places = Object.entries(treeErrors(problem));
      setWrong({
        text: places.length > 0 ? t('json.wrong', { count: places.length }) : problemText(problem).text,
        places,
      });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('json.title')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('json.help')}
        </Text>
        <Textarea
          data-autofocus
          autosize
          minRows={8}
          maxRows={20}
          ff="monospace"
          spellCheck={false}
          label={t('json.label')}
          placeholder='{ "all": [ { "field": "email", "op": "contains", "value": "@example.com" } ] }'
          value={text}
          onChange={(e) => {
            setText(e.currentTarget.value);
            setWrong(null);
          }}
        />
        {wrong ? (
          <Alert color="red" role="alert" title={wrong.text}>
            {wrong.places.length === 0 ? null : (
              <List size="sm">
                {wrong.places.map(([path, message]) => (
                  <List.Item key={path}>
                    <Code>{path === '' || path === '/' ? t('json.whole') : path}</Code> {message}
                  </List.Item>
                ))}
              </List>
            )}
          </Alert>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel', { ns: 'common' })}
          </Button>
          <Button loading={busy} disabled={text.trim() === ''} onClick={() => void use()}>
            {t('json.use')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
