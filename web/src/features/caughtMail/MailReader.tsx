import { api } from '@/api/client';
import { ErrorState } from '@/ui/ErrorState';
import { StatusBadge } from '@/ui/StatusBadge';
import { When } from '@/ui/When';
import { Group, Skeleton, Tabs, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './caughtMail.module.css';
import { DkimResult, dkimTone } from './DkimResult';
import { HtmlView } from './HtmlView';
import { SourceView } from './SourceView';

const views = ['html', 'text', 'headers', 'source', 'dkim'] as const;

/** One mail: its envelope, and its parts to look at. */
export function MailReader({ id }: { id: number }) {
  const { t } = useTranslation('caughtMail');
  const [chosen, setView] = useState<string | null>(null);
  const query = api.useQuery('get', '/api/app/caught-mail/{id}', { params: { path: { id } } });
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const mail = query.data;
  if (mail === undefined) return <Skeleton m={16} height={220} />;
  const view = chosen ?? (mail.has_html ? 'html' : 'text');
  const tone = dkimTone(mail.dkim);
  return (
    <article className={classes.reader} aria-labelledby="caught-subject">
      <header className={classes.envelope}>
        <Title order={2} id="caught-subject" fz={18}>
          {mail.subject || t('no_subject')}
        </Title>
        <Group gap="lg" mt={6}>
          <Line label={t('from')}>{mail.from}</Line>
          <Line label={t('to')}>{mail.to}</Line>
          <Line label={t('when')}>
            <When at={mail.caught_at} mode="full" />
          </Line>
          <StatusBadge tone={tone} label={t(tone === 'good' ? 'signed' : tone === 'bad' ? 'broken' : 'unsigned')} />
        </Group>
      </header>
      <Tabs value={view} onChange={setView} className={classes.tabs} keepMounted={false}>
        <Tabs.List aria-label={t('view')} px={12}>
          {views.map((v) => (
            <Tabs.Tab key={v} value={v}>
              {t(`views.${v}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="html" className={classes.panel}>
          {mail.has_html ? <HtmlView id={id} /> : <Text p={16}>{t('no_html')}</Text>}
        </Tabs.Panel>
        <Tabs.Panel value="text" className={classes.panel}>
          <pre className={classes.plain}>{mail.text ?? t('no_text')}</pre>
        </Tabs.Panel>
        <Tabs.Panel value="headers" className={classes.panel}>
          <table className={classes.headers}>
            <thead>
              <tr>
                <th scope="col">{t('header')}</th>
                <th scope="col">{t('value')}</th>
              </tr>
            </thead>
            <tbody>
              {mail.headers.map((h, i) => (
                <tr key={i}>
                  <th scope="row">{h.name}</th>
                  <td>{h.value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Tabs.Panel>
        <Tabs.Panel value="source" className={classes.panel}>
          <SourceView id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="dkim" className={classes.panel}>
          <DkimResult checks={mail.dkim} />
        </Tabs.Panel>
      </Tabs>
    </article>
  );
}

const Line = ({ label, children }: { label: string; children: React.ReactNode }) => (
  <Text size="sm">
    <Text span c="dimmed" size="sm">
      {label}{' '}
    </Text>
    {children}
  </Text>
);
