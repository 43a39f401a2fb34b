import { AppLink } from '@/ui/AppLink';
import { formatNumber } from '@/ui/format';
import { StatusBadge } from '@/ui/StatusBadge';
import type { NodeProps } from '@xyflow/react';
import { createContext, memo, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { statusTones } from '../list/statusTones';
import classes from './map.module.css';
import type { MapNode } from './MapCanvas';

type Shared = {
  /** The automation pointed at and those linked to it; null while none is. */
  near: ReadonlySet<string> | null;
  found: ReadonlySet<number> | null;
  /** The one card that Tab reaches. */
  stop: string | null;
  onFocus: (id: string) => void;
};
export const MapContext = createContext<Shared>({ near: null, found: null, stop: null, onFocus: () => {} });

/** One automation: its name, whether it is active, and how many are inside. A link to its builder. */
export const MapCard = memo(function MapCard({ id, data: { item, said } }: NodeProps<MapNode>) {
  const { t } = useTranslation(['automations']);
  const { near, found, stop, onFocus } = useContext(MapContext);
  return (
    <AppLink
      to={`/automations/${item.id}`}
      className={`${classes.card} nodrag`}
      aria-label={said}
      tabIndex={stop === id ? 0 : -1}
      data-map-card={id}
      data-near={near?.has(id) || undefined}
      data-found={found?.has(item.id) || undefined}
      onFocus={() => onFocus(id)}
    >
      <span className={classes.name}>{item.name}</span>
      <span className={classes.facts} aria-hidden>
        <StatusBadge tone={statusTones[item.status]} label={t(`status.${item.status}`)} />
        {item.inside > 0 ? t('inside', { count: item.inside, number: formatNumber(item.inside) }) : null}
      </span>
    </AppLink>
  );
});
