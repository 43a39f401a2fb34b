import { useState } from 'react';
import type { Desk } from '../profile/ContactPage';
import { MailComposer } from './MailComposer';
import { MailPanel } from './MailPanel';

type Props = {
  contactId: number;
  name: string;
  manages: boolean;
  shown: Desk;
  onShow: (desk: Desk) => void;
  onSent: () => void;
};

/** 1:1 e-mails of the contact page: one that is read, or one that is written. */
export default function MailDesk({ contactId, name, manages, shown, onShow, onSent }: Props) {
  const [replyTo, setReplyTo] = useState<number>();
  return (
    <>
      <MailComposer
        contactId={contactId}
        name={name}
        opened={shown === 'new'}
        {...(replyTo === undefined ? {} : { replyTo })}
        onClose={() => onShow(null)}
        onSent={() => {
          onSent();
          onShow(null);
        }}
      />
      <MailPanel
        mailId={typeof shown === 'number' ? shown : null}
        onClose={() => onShow(null)}
        {...(manages
          ? {
              onReply: (id: number | undefined) => {
                setReplyTo(id);
                onShow('new');
              },
            }
          : {})}
      />
    </>
  );
}
