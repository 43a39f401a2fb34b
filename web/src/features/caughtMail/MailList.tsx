import { When } from '@/ui/When';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './caughtMail.module.css';
import type { CaughtItem } from './queries';

type Props = { mails: readonly CaughtItem[]; chosen: number | null; onChoose: (id: number) => void };

export function MailList({ mails, chosen, onChoose }: Props) {
  const { t } = useTranslation('caughtMail');
  const current = useRef<HTMLButtonElement>(null);
  useEffect(() => current.current?.scrollIntoView({ block: 'nearest' }), [chosen]);
  return (
    <ul className={classes.list} aria-label={t('list')}>
      {mails.map((mail) => (
        <li key={mail.id}>
          <button
            ref={mail.id === chosen ? current : undefined}
            type="button"
            className={classes.item}
            aria-current={mail.id === chosen ? 'true' : undefined}
            onClick={() => onChoose(mail.id)}
          >
            <span className={classes.itemTop}>
              <span className={classes.to}>{mail.to}</span>
              <span className={classes.when}>
                <When at={mail.caught_at} />
              </span>
            </span>
            <span className={classes.subject}>{mail.subject || t('no_subject')}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
