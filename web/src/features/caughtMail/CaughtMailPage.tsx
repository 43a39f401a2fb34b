import { api } from '@/api/client';
import { allows, useSession } from '@/api/session';
import { AppLink } from '@/ui/AppLink';
import { ConfirmButton } from '@/ui/ConfirmDialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { SearchInput } from '@/ui/filters';
import { usePageActions } from '@/ui/pageActions';
import { PageHeader } from '@/ui/PageHeader';
import { RequirePermission } from '@/ui/RequirePermission';
import { toast, toastProblem } from '@/ui/toasts';
import { Button, Skeleton, Stack } from '@mantine/core';
import { IconInbox, IconMailSearch, IconRefresh } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './caughtMail.module.css';
import { MailList } from './MailList';
import { MailReader } from './MailReader';
import { caughtKey, caughtMails } from './queries';

export const CaughtMailPage = () => (
  <RequirePermission permission="view_caught_mail">
    <Catcher />
  </RequirePermission>
);

/** List at the left, the mail at the right; J and K walk. */
function Catcher() {
  const { t } = useTranslation('caughtMail');
  const session = useSession();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const search = (useSearch({ strict: false }) as { q?: string }).q ?? '';
  const chosen = Number((useParams({ strict: false }) as { id?: string }).id ?? 0) || null;
  const query = useInfiniteQuery(caughtMails(search));
  const mails = query.data?.pages.flatMap((p) => p.mails) ?? [];
  const open = (id: number) =>
    void navigate({ to: `/caught-mail/${id}` as string, search: (search ? { q: search } : {}) as never });
  const step = (by: number) => {
    const at = mails.findIndex((m) => m.id === chosen);
    const next = mails[at < 0 ? 0 : Math.min(mails.length - 1, Math.max(0, at + by))];
    if (next) open(next.id);
  };
  const clear = api.useMutation('delete', '/api/app/caught-mail', {
    onSuccess: async () => {
      toast(t('cleared'));
      await navigate({ to: '/caught-mail' as string });
      await queryClient.invalidateQueries({ queryKey: caughtKey });
    },
    onError: toastProblem,
  });
  usePageActions([
    { id: 'caught.next', label: t('next'), keys: 'j', run: () => step(1) },
    { id: 'caught.previous', label: t('previous'), keys: 'k', run: () => step(-1) },
    { id: 'caught.refresh', label: t('refresh'), icon: IconRefresh, run: () => void query.refetch() },
  ]);
  const nothing = !query.isPending && !query.error && mails.length === 0;
  return (
    <div className={classes.page}>
      <PageHeader
        title={t('title')}
        subtitle={t('subtitle')}
        actions={
          <SearchInput
            label={t('search')}
            value={search}
            onChange={(q) => void navigate({ to: '.', search: (q ? { q } : {}) as never, replace: true })}
          />
        }
        main={
          allows(session, 'manage_sending') && (mails.length > 0 || search) ? (
            <ConfirmButton
              title={t('clear_title')}
              effect={t('clear_effect')}
              confirmLabel={t('clear')}
              danger
              onConfirm={() => clear.mutateAsync({})}
            >
              {t('clear')}
            </ConfirmButton>
          ) : undefined
        }
      />
      {query.error ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
      {nothing && search === '' ? (
        <EmptyState
          icon={IconInbox}
          title={t('empty')}
          text={t('empty_text')}
          action={
            <Button component={AppLink} to={'/automations/new' as string}>
              {t('empty_action')}
            </Button>
          }
          second={
            <Button component={AppLink} to={'/settings/sending' as string} variant="default">
              {t('empty_second')}
            </Button>
          }
        />
      ) : null}
      {nothing && search !== '' ? (
        <EmptyState icon={IconMailSearch} title={t('no_match')} text={t('no_match_text')} />
      ) : null}
      {query.isPending || mails.length > 0 ? (
        <div className={classes.panes}>
          <div className={classes.left}>
            {query.isPending ? (
              <Stack gap={8} p={12} aria-busy="true">
                {[1, 2, 3, 4, 5].map((i) => (
                  <Skeleton key={i} height={52} />
                ))}
              </Stack>
            ) : (
              <MailList mails={mails} chosen={chosen} onChoose={open} />
            )}
            {query.hasNextPage ? (
              <Button
                variant="subtle"
                m={8}
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {t('more')}
              </Button>
            ) : null}
          </div>
          <div className={classes.right}>
            {chosen === null ? (
              <EmptyState icon={IconInbox} title={t('choose')} text={t('choose_text')} />
            ) : (
              <MailReader key={chosen} id={chosen} />
            )}
          </div>
        </div>
      ) : null}
    </div>
  );
}
