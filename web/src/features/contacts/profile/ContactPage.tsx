import { allows, useSession } from '@/api/session';
import { toProblem } from '@/api/problem';
import { AppLink } from '@/ui/AppLink';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { Page } from '@/ui/Page';
import { PanelBoundary } from '@/ui/PanelBoundary';
import { Button, Skeleton, Title } from '@mantine/core';
import { IconUserOff } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { contactRoute } from '../routes';
import { personName } from '@/ui/people/personName';
import { ContactFields } from './ContactFields';
import { ContactHeader } from './ContactHeader';
import { ContactLists } from './ContactLists';
import { ContactSide } from './ContactSide';
import { NoteComposer } from './NoteComposer';
import { useProfile, useProfileCache } from './profile';
import classes from './profile.module.css';
import { Timeline } from './Timeline';

/** The 1:1 e-mail that is shown, or a new one; null: none. */
export type Desk = number | 'new' | null;

const MailDesk = lazy(() => import('../mail/MailDesk'));

/** `/contacts/:id`: who it is at the left, what happened in the middle, what it is part of at the right. */
export function ContactPage() {
  const { t } = useTranslation(['contacts', 'ui']);
  const id = Number(contactRoute.useParams().contactId);
  const manages = allows(useSession(), 'manage_contacts');
  const profile = useProfile(id);
  const cache = useProfileCache(id);
  const [desk, setDesk] = useState<Desk>(null);
  if (profile.error && toProblem(profile.error).status === 404)
    return (
      <Page>
        <Title order={1} className={classes.gone}>
          {t('gone.title')}
        </Title>
        <EmptyState
          icon={IconUserOff}
          title={t('gone.title')}
          text={t('gone.text')}
          action={
            <Button component={AppLink} to="/contacts">
              {t('gone.back')}
            </Button>
          }
        />
      </Page>
    );
  if (profile.error)
    return (
      <Page>
        <ErrorState error={profile.error} onRetry={() => void profile.refetch()} />
      </Page>
    );
  if (profile.data === undefined) return <ProfileSkeleton />;
  const contact = profile.data;
  return (
    <Page>
      <ContactHeader key={id} contact={contact} manages={manages} onWrite={() => setDesk('new')} />
      <div className={classes.columns}>
        <div className={classes.stack}>
          <PanelBoundary>
            <ContactFields key={id} contact={contact} manages={manages} />
          </PanelBoundary>
          <PanelBoundary>
            <ContactLists contact={contact} manages={manages} />
          </PanelBoundary>
        </div>
        <div className={classes.stack}>
          {manages ? <NoteComposer key={id} contactId={id} /> : null}
          <PanelBoundary>
            <Timeline key={id} contact={contact} manages={manages} onMail={setDesk} />
          </PanelBoundary>
        </div>
        <div className={classes.stack}>
          <ContactSide contact={contact} manages={manages} />
        </div>
      </div>
      {desk === null ? null : (
        <Suspense>
          <MailDesk
            key={id}
            contactId={id}
            name={personName(contact)}
            manages={manages}
            shown={desk}
            onShow={setDesk}
            onSent={() => void cache.refreshTimeline()}
          />
        </Suspense>
      )}
    </Page>
  );
}

const ProfileSkeleton = () => (
  <Page>
    <div aria-busy="true">
      <Skeleton height={56} mb="lg" width="50%" />
      <div className={classes.columns}>
        {[420, 520, 240].map((h) => (
          <Skeleton key={h} height={h} radius="md" />
        ))}
      </div>
    </div>
  </Page>
);
