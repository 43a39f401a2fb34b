import { client } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Draft } from './MailComposer';

export type Writing = Pick<
  Draft,
  | 'subject'
  | 'body'
  | 'is_plain'
  | 'mailbox_id'
  | 'cc'
  | 'bcc'
  | 'track_opens'
  | 'track_clicks'
  | 'files_as_links'
  | 'response_id'
  | 'start_when_sent'
  | 'start_when_replied'
>;

const partOf = (d: Draft): Writing => ({
  subject: d.subject,
  body: d.body,
  is_plain: d.is_plain,
  mailbox_id: d.mailbox_id ?? d.froms[0]?.mailbox_id ?? null,
  cc: d.cc,
  bcc: d.bcc,
  track_opens: d.track_opens,
  track_clicks: d.track_clicks,
  files_as_links: d.files_as_links,
  response_id: d.response_id,
  start_when_sent: d.start_when_sent,
  start_when_replied: d.start_when_replied,
});

/** What is being written, kept at the server a moment after each change. */
export function useDraft(contactId: number, loaded: Draft, replyTo?: number) {
  const [writing, setWriting] = useState(() => partOf(loaded));
  const [known, setKnown] = useState(loaded);
  const [errors, setErrors] = useState<Record<string, string | undefined>>({});
  const [problem, setProblem] = useState<string>();
  const [saved, setSaved] = useState(true);
  const now = useRef(writing);
  const dirty = useRef(false);
  const queue = useRef(Promise.resolve(true));

  /** Saves what has changed; true when the server has it. One at a time, in order. */
  const flush = useCallback(() => {
    queue.current = queue.current.then(async () => {
      if (!dirty.current) return true;
      dirty.current = false;
      try {
        const { data } = await client.PUT('/api/app/contacts/{id}/personal-draft', {
          params: { path: { id: contactId } },
          body: { ...now.current, ...(replyTo === undefined ? {} : { reply_to: replyTo }) },
        });
        if (data) setKnown(data);
        setErrors({});
        setProblem(undefined);
        setSaved(!dirty.current);
        return true;
      } catch (error) {
        const fields = fieldErrors(error);
        setErrors(fields);
        setProblem(Object.keys(fields).length === 0 ? problemText(error).text : undefined);
        dirty.current = true;
        return false;
      }
    });
    return queue.current;
  }, [contactId, replyTo]);

  const change = (part: Partial<Writing>) => {
    now.current = { ...now.current, ...part };
    dirty.current = true;
    setSaved(false);
    setWriting(now.current);
  };

  useEffect(() => {
    if (saved) return;
    const timer = setTimeout(() => void flush(), 600);
    return () => clearTimeout(timer);
  }, [writing, saved, flush]);
  useEffect(() => () => void flush(), [flush]);

  /** Nothing more of it is saved. */
  const forget = () => {
    dirty.current = false;
    return queue.current;
  };

  const reload = async () => {
    const { data } = await client.GET('/api/app/contacts/{id}/personal-draft', { params: { path: { id: contactId } } });
    if (data) setKnown(data);
  };
  return { writing, change, flush, forget, known, reload, errors, setErrors, problem, setProblem, saved };
}
