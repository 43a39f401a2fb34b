import { toProblem } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { Alert, Button, Code, FileButton, Group, List, Stack, Text, Textarea } from '@mantine/core';
import { IconFileImport, IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { importAutomation } from '../api/automations';

/** Whether the text must be YAML: everything that is no JSON object is sent as such. */
const isYaml = (content: string) => !content.trimStart().startsWith('{');

/** An automation from a file or from pasted text, JSON or YAML; what is wrong stands below with its place in the document. */
export function ImportForm({ onDone }: { onDone?: () => void }) {
  const { t } = useTranslation('automations');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [content, setContent] = useState('');
  const bring = useMutation({
    mutationFn: (text: string) => importAutomation(text, isYaml(text)),
    onSuccess: async ({ id }) => {
      onDone?.();
      await queryClient.invalidateQueries({ queryKey: ['automations', 'list'] });
      await navigate({ to: '/automations/$id', params: { id: String(id) } });
    },
  });
  const problem = bring.error ? toProblem(bring.error) : null;
  const read = (file: File | null) => void file?.text().then(setContent);
  return (
    <Stack gap="md">
      <Group>
        <FileButton accept=".json,.yaml,.yml,application/json,application/yaml" onChange={read}>
          {(props) => (
            <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} {...props}>
              {t('import.choose')}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          {t('import.or')}
        </Text>
      </Group>
      <Textarea
        label={t('import.label')}
        autosize
        minRows={8}
        maxRows={18}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        placeholder={'{ "name": "Welcome series", "triggers": [], "steps": [] }'}
        value={content}
        onChange={(e) => setContent(e.currentTarget.value)}
      />
      {problem ? (
        <Alert color="red" title={problemText(problem).title} role="alert">
          {problem.errors.length === 0 ? (
            problemText(problem).text
          ) : (
            <List size="sm" spacing={4}>
              {problem.errors.map((e) => (
                <List.Item key={`${e.path} ${e.message}`}>
                  <Code>{e.path}</Code> {e.message}
                </List.Item>
              ))}
            </List>
          )}
        </Alert>
      ) : null}
      <Group justify="flex-end">
        <Button
          leftSection={<IconFileImport size={16} aria-hidden />}
          disabled={content.trim() === ''}
          loading={bring.isPending}
          onClick={() => bring.mutate(content)}
        >
          {t('import.button')}
        </Button>
      </Group>
    </Stack>
  );
}
