/** One field of an object that two people changed: what stood there, what I want, what stands there now. Texts as a person reads them. */
export type ConflictField = { key: string; label: string; base: string; mine: string; theirs: string };

export type Side = 'mine' | 'theirs';

/** Only where both changed the field, and differently, does anyone have to choose. */
export const inConflict = (fields: readonly ConflictField[]) =>
  fields.filter((f) => f.mine !== f.base && f.theirs !== f.base && f.mine !== f.theirs);

/** What others changed and I left alone: it stays as it is now. */
export const onlyTheirs = (fields: readonly ConflictField[]) =>
  fields.filter((f) => f.theirs !== f.base && f.mine === f.base);
