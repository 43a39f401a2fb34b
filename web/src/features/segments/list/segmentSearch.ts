/** What of the list of segments a reload must keep. */
export type SegmentSearch = { q?: string; tag?: string; sort?: string };

const sorts = /^-?(name|updated|count)$/;
const text = (value: unknown) => (value === undefined || value === '' ? undefined : String(value).slice(0, 200));

/** Takes what it understands of an address and drops the rest. */
export function readSegmentSearch(raw: Partial<Record<string, unknown>>): SegmentSearch {
  const q = text(raw['q']);
  const tag = text(raw['tag']);
  const sort = text(raw['sort']);
  return {
    ...(q === undefined ? {} : { q }),
    ...(tag === undefined ? {} : { tag }),
    ...(sort !== undefined && sorts.test(sort) ? { sort } : {}),
  };
}
