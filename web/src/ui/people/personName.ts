import i18n from 'i18next';

export type Named = { id: number; email?: string | null; first_name: string; last_name: string; phone?: string };

/** What a person is called where there is room for one line: name, else address, else phone, else the number. */
export const personName = (p: Named): string =>
  `${p.first_name} ${p.last_name}`.trim() || p.email || p.phone || i18n.t('person.unnamed', { ns: 'ui', id: p.id });
