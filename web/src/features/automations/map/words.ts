import type { TFunction } from 'i18next';
import type { MapLink } from '../api/types';

export const starts = 'flow.start_automation';
export const ends = 'flow.end_automation';

/** What kind of line it is. */
export const lineOf = (link: Pick<MapLink, 'kind'>): 'start' | 'end' | 'trigger' =>
  link.kind === starts ? 'start' : link.kind === ends ? 'end' : 'trigger';

/** "Tag is added: VIP"; of a step that starts or ends, just that. */
export function byWhat(link: MapLink, t: TFunction): string {
  const ns = { ns: 'builder' };
  if (link.kind === starts || link.kind === ends) return t('map.step', ns);
  const kind = link.title ?? link.kind;
  return link.thing === null ? kind : t('map.starts_by', { ...ns, kind, thing: link.thing });
}

/** Everything one automation has to do with others, for those who hear the map. */
export function linksInWords(id: number, links: readonly MapLink[], nameOf: (id: number) => string, t: TFunction) {
  const ns = { ns: 'builder' };
  const name = (other: number) => (other === id ? t('map.itself', ns) : nameOf(other));
  const does = links
    .filter((l) => l.from === id)
    .map((l) =>
      l.kind === ends
        ? t('map.ends_name', { ...ns, name: name(l.to) })
        : t('map.starts_name', { ...ns, name: name(l.to), by: byWhat(l, t) }),
    );
  const is = links
    .filter((l) => l.to === id && l.from !== id)
    .map((l) =>
      l.kind === ends
        ? t('map.ended', { ...ns, name: name(l.from) })
        : t('map.started', { ...ns, name: name(l.from), by: byWhat(l, t) }),
    );
  return { does, is };
}
