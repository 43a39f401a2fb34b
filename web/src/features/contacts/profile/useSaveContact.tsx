import { client } from '@/api/client';
import { problemKind } from '@/api/problem';
import type { components } from '@/api/schema';
import { inConflict, type ConflictField } from '@/ui/conflict/conflicts';
import { personName } from '@/ui/people/personName';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shownValue } from './fieldValue';
import { useProfileCache, type Profile } from './profile';

const ConflictDialog = lazy(() => import('@/ui/conflict/ConflictDialog').then((m) => ({ default: m.ConflictDialog })));

type Change = components['schemas']['ContactChange'];
type Asked = { name: string; fields: ConflictField[]; answer: (save: boolean | null) => void };

/** Standard members by their text keys. */
const labels = {
  email: 'columns.email',
  first_name: 'first_name',
  last_name: 'last_name',
  phone: 'columns.phone',
} as const;

/** The fields a person can change, as one flat record: member name, or the custom field's id. */
type Flat = [string, { label: string | null; value: string }];
const flat = (p: Profile) =>
  new Map<string, { label: string | null; value: string }>([
    ...Object.keys(labels).map((k) => [k, { label: null, value: p[k as keyof typeof labels] ?? '' }] as Flat),
    ...p.groups.flatMap((g) => g.fields.map((f) => [String(f.id), { label: f.name, value: f.value ?? '' }] as Flat)),
  ]);

const wanted = ({ fields, ...standard }: Change) => new Map(Object.entries({ ...standard, ...fields }));

/**
 * Saves changes of one contact on the version that was read. When someone else saved meanwhile: other fields of theirs are kept without
 * asking, the same field is decided side by side. One change at a time, so that two fields left quickly do not collide with each other.
 */
export function useSaveContact(contact: Profile) {
  const { t } = useTranslation('contacts');
  const cache = useProfileCache(contact.id);
  const [asked, setAsked] = useState<Asked | null>(null);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const path = { id: contact.id };

  const patch = async (version: string, body: Change) => {
    const { data } = await client.PATCH('/api/app/contacts/{id}', {
      params: { path, header: { 'If-Match': `"${version}"` } },
      body,
    });
    if (data) cache.set(() => data);
  };

  const settle = async (base: Profile, body: Change): Promise<void> => {
    const { data: theirs } = await client.GET('/api/app/contacts/{id}', { params: { path } });
    if (theirs === undefined) return;
    const [before, now, mine] = [flat(base), flat(theirs), wanted(body)];
    const fields = [...now].map<ConflictField>(([key, { label, value }]) => {
      const was = before.get(key)?.value ?? '';
      return {
        key,
        label: label ?? t(labels[key as keyof typeof labels]),
        base: shownValue(was),
        mine: shownValue(mine.get(key) ?? was),
        theirs: shownValue(value),
      };
    });
    const save =
      inConflict(fields).length === 0 ||
      (await new Promise<boolean | null>((answer) => setAsked({ name: personName(theirs), fields, answer })));
    setAsked(null);
    if (save === null) throw new Error(t('conflict_open'));
    if (save) await sendOn(theirs, body);
    else cache.set(() => theirs);
  };

  const sendOn = async (base: Profile, body: Change): Promise<void> => {
    try {
      await patch(base.version, body);
    } catch (error) {
      if (problemKind(error) !== 'version_conflict') throw error;
      await settle(base, body);
    }
  };

  const save = (body: Change) => {
    const run = last.current.then(async () => {
      await sendOn(cache.get() ?? contact, body);
      await cache.refreshTimeline();
    });
    last.current = run.catch(() => {});
    return run;
  };

  const dialog =
    asked === null ? null : (
      <Suspense fallback={null}>
        <ConflictDialog
          name={asked.name}
          fields={asked.fields}
          onResolve={(chosen) => asked.answer(Object.values(chosen).includes('mine'))}
          onClose={() => asked.answer(null)}
        />
      </Suspense>
    );
  return { save, dialog };
}
