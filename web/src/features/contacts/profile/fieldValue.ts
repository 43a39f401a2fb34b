/** Whether a type of field has options, and how many of them a contact may have. */
export const choicesOf = (type: string): 'one' | 'many' | undefined =>
  type === 'dropdown' || type === 'radio' ? 'one' : type === 'listbox' || type === 'checkbox' ? 'many' : undefined;

/** `||a||b||` as the choices within. */
export const toChoices = (value: string): string[] => value.split('||').filter((choice) => choice !== '');

/** A value for reading: choices with commas. */
export const shownValue = (value: string | null): string =>
  value?.startsWith('||') ? toChoices(value).join(', ') : (value ?? '');

/** An ISO instant on the user's own clock, as `datetime-local` wants it. */
export function toLocal(iso: string): string {
  const date = new Date(iso);
  if (iso === '' || Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export const fromLocal = (local: string): string => (local === '' ? '' : new Date(local).toISOString());

const codes =
  'ar bg bn ca cs da de el en en-gb en-us es et eu fa fi fr fr-ca ga gl he hi hr hu id is it ja ko lt lv mk ms nb nl pl pt pt-br ro ru sk sl sq sr sv sw ta th tr uk ur vi zh zh-tw'.split(
    ' ',
  );

/** Languages by their names for the reader, with the present one even when it is rare. */
export function languages(present: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames([navigator.language], { type: 'language' });
  const name = (code: string) => {
    try {
      return names.of(code) ?? code;
    } catch {
      return code;
    }
  };
  return [...new Set([...codes, ...(present === '' ? [] : [present])])]
    .map((code) => ({ value: code, label: name(code) }))
    .sort((a, b) => a.label.localeCompare(b.label));
}
