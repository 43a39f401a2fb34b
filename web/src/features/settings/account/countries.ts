const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Codes that are no country one could live in, or stand for one under another code. */
const left = new Set([
  'EU',
  'EZ',
  'UN',
  'QO',
  'ZZ',
  'XA',
  'XB',
  'UK',
  'AC',
  'TA',
  'CP',
  'DG',
  'IC',
  'EA',
  'CQ',
  'AN',
  'SU',
  'YU',
  'DD',
  'FX',
  'TP',
  'ZR',
  'BU',
  'CS',
  'NT',
  'YD',
  'VD',
  'RH',
  'HV',
  'NH',
  'DY',
  'CT',
  'FQ',
  'JT',
  'MI',
  'NQ',
  'PC',
  'PU',
  'PZ',
  'WK',
  'UM',
]);

/** Every country this browser has a name for, by its two letters, in the order of the names. */
export function countries() {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  return letters
    .flatMap((a) => letters.map((b) => a + b))
    .filter((code) => !left.has(code))
    .flatMap((code) => {
      const label = names.of(code);
      return label ? [{ value: code, label }] : [];
    })
    .toSorted((a, b) => a.label.localeCompare(b.label));
}
