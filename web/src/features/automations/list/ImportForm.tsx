import { toProblem } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { Alert, Button, Code, FileButton, Group, List, Stack, Text, Textarea } from '@mantine/core';
import { IconFileImport, IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { importAutomation, previewImport } from '../api/automations';
import type { ImportPreview } from '../api/types';
import { ImportDecisions, type Decided } from './ImportDecisions';

/** Whether the text must be YAML: everything that is no JSON object is sent as such. */
const isYaml = (content: string) => !content.trimStart().startsWith('{');

/**
 * An automation from a file or from pasted text, JSON or YAML. What is missing in this account is asked for in a second step; what is wrong stands
 * below with its place in the document.
 */
export function ImportForm({ onDone }: { onDone?: () => void }) {
  const { t } = useTranslation(['automations', 'builder']);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [content, setContent] = useState('');
  const [asked, setAsked] = useState<ImportPreview | null>(null);
  const bring = useMutation({
    mutationFn: ({ text, yaml }: { text: string; yaml: boolean }) => importAutomation(text, yaml),
    onSuccess: async ({ id }) => {
      onDone?.();
      await queryClient.invalidateQueries({ queryKey: ['automations'] });
      await navigate({ to: '/automations/$id', params: { id: String(id) } });
    },
  });
  const look = useMutation({
    mutationFn: (text: string) => previewImport(text, isYaml(text)),
    onSuccess: (preview, text) => {
      if (preview.errors.length > 0) return;
      // Nothing to decide: it is here with one click.
      if (preview.missing.length === 0 && !preview.name_taken) bring.mutate({ text, yaml: isYaml(text) });
      else setAsked(preview);
    },
  });
  const decide = ({ name, use }: Decided) =>
    bring.mutate({
      text: JSON.stringify({ ...(asked?.document as object), name, create: true, use }),
      yaml: false,
    });
  const failure = bring.error ?? look.error;
  const problem = failure ? toProblem(failure) : null;
  const errors = problem?.errors ?? look.data?.errors ?? [];
  const read = (file: File | null) => void file?.text().then(setContent);
  const wrong =
    problem || errors.length > 0 ? (
      <Alert
        color="red"
        title={problem ? problemText(problem).title : t('wizard.errors', { ns: 'builder' })}
        role="alert"
      >
        {errors.length === 0 ? (
          problem && problemText(problem).text
        ) : (
          <List size="sm" spacing={4}>
            {errors.map((e) => (
              <List.Item key={`${e.path} ${e.message}`}>
                <Code>{e.path}</Code> {e.message}
              </List.Item>
            ))}
          </List>
        )}
      </Alert>
    ) : null;
  if (asked)
    return (
      <Stack gap="md">
        <ImportDecisions
          preview={asked}
          busy={bring.isPending}
          onBack={() => {
            setAsked(null);
            bring.reset();
            look.reset();
          }}
          onImport={decide}
        />
        {wrong}
      </Stack>
    );
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
      {wrong}
      <Group justify="flex-end">
        <Button
          leftSection={<IconFileImport size={16} aria-hidden />}
          disabled={content.trim() === ''}
          loading={bring.isPending || look.isPending}
          onClick={() => {
            bring.reset();
            look.mutate(content);
          }}
        >
          {t('import.button')}
        </Button>
      </Group>
    </Stack>
  );
}
