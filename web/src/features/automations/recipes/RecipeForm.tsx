import { useSession } from '@/api/session';
import { fieldErrors, toProblem } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { Alert, Button, List, Stack, Text, TextInput } from '@mantine/core';
import { IconLock, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AskField } from './AskField';
import { MailField, type MailChoice } from './MailField';
import { loadMail, startRecipe, type Ask, type RecipeDetail } from './recipes';
import classes from './recipes.module.css';

const keyOf = (ask: Ask) => `${ask.kind}:${ask.value}`;
const isName = (ask: Ask) => ['list', 'tag', 'field', 'event', 'user'].includes(ask.kind);

/** What a recipe asks for, with everything filled in: one look and one button. */
export function RecipeForm({ detail: { recipe, asks, mails } }: { detail: RecipeDetail }) {
  const { t } = useTranslation('automations');
  const { user } = useSession();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const proposal = (ask: Ask) =>
    ask.kind === 'user' ? user.email : ask.kind === 'signer' ? (user.name.split(' ')[0] ?? ask.value) : ask.value;
  const [name, setName] = useState(recipe.name);
  const [answers, setAnswers] = useState(() => Object.fromEntries(asks.map((ask) => [keyOf(ask), proposal(ask)])));
  const [choices, setChoices] = useState<Record<string, MailChoice>>({});
  const start = useMutation({
    mutationFn: async () =>
      startRecipe(recipe.key, {
        name: name.trim(),
        answers: asks.map((ask) => ({ kind: ask.kind, value: ask.value, to: answers[keyOf(ask)] ?? '' })),
        mails: await Promise.all(
          Object.entries(choices).map(async ([step, { message, subject }]) => ({
            step,
            ...(message === null ? {} : await loadMail(message)),
            ...(subject === null ? {} : { subject }),
          })),
        ),
      }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ['automations', 'list'] });
      await navigate({ to: '/automations/$id', params: { id: String(id) } });
    },
  });
  const errors = start.error ? fieldErrors(start.error) : {};
  const errorOf = (ask: Ask) => errors[`answers.${asks.indexOf(ask)}.to`];
  const field = (ask: Ask) => (
    <AskField
      key={keyOf(ask)}
      ask={ask}
      value={answers[keyOf(ask)] ?? ''}
      error={errorOf(ask)}
      onChange={(to) => setAnswers((before) => ({ ...before, [keyOf(ask)]: to }))}
    />
  );
  const names = asks.filter(isName);
  const words = asks.filter((ask) => !isName(ask));
  if (recipe.needs.length > 0)
    return (
      <aside className={classes.form} aria-label={recipe.name}>
        <div className={classes.scroll}>
          <Stack gap="md">
            <Text>{recipe.summary}</Text>
            <Alert
              color="gray"
              icon={<IconLock size={18} aria-hidden />}
              title={t('recipes.needs', { modules: recipe.needs.map((n) => n.module).join(', ') })}
            >
              {t('recipes.needs_text')}
            </Alert>
          </Stack>
        </div>
      </aside>
    );
  return (
    <form
      className={classes.form}
      aria-label={recipe.name}
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate();
      }}
    >
      <div className={classes.scroll}>
        <Stack gap="lg">
          <Text>{recipe.summary}</Text>
          <TextInput
            label={t('recipes.name')}
            required
            maxLength={200}
            value={name}
            error={errors['name']}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          {names.length > 0 ? (
            <fieldset className={classes.group}>
              <legend>{t('recipes.names')}</legend>
              <Stack gap="sm">{names.map(field)}</Stack>
            </fieldset>
          ) : null}
          {words.length > 0 ? (
            <fieldset className={classes.group}>
              <legend>{t('recipes.words')}</legend>
              <Stack gap="sm">{words.map(field)}</Stack>
            </fieldset>
          ) : null}
          {mails.length > 0 ? (
            <fieldset className={classes.group}>
              <legend>{t('recipes.mail_group')}</legend>
              <Stack gap="sm">
                {mails.map((mail) => (
                  <MailField
                    key={mail.step}
                    subject={mail.subject}
                    choice={choices[mail.step]}
                    onChange={(choice) => setChoices((before) => ({ ...before, [mail.step]: choice }))}
                  />
                ))}
              </Stack>
            </fieldset>
          ) : null}
          {start.error ? (
            <Alert color="red" role="alert" title={problemText(toProblem(start.error)).title}>
              <List size="sm">
                {toProblem(start.error).errors.map((e) => (
                  <List.Item key={e.path}>{e.message}</List.Item>
                ))}
              </List>
            </Alert>
          ) : null}
        </Stack>
      </div>
      <footer className={classes.foot}>
        <Text size="xs" c="dimmed" flex={1}>
          {t('recipes.draft_text')}
        </Text>
        <Button
          type="submit"
          loading={start.isPending}
          disabled={name.trim() === ''}
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
        >
          {t('recipes.start')}
        </Button>
      </footer>
    </form>
  );
}
