import { useTranslation } from 'react-i18next';
import type { MapLink } from '../api/types';
import classes from './map.module.css';
import { lineOf } from './words';

/** What the lines mean, those that are there. */
export function MapLegend({ links }: { links: readonly MapLink[] }) {
  const { t } = useTranslation('builder');
  const kinds = (['start', 'trigger', 'end'] as const).filter((kind) => links.some((l) => lineOf(l) === kind));
  if (kinds.length === 0) return null;
  return (
    <ul className={classes.legend}>
      {kinds.map((kind) => (
        <li key={kind}>
          <svg width={30} height={8} aria-hidden>
            <path d="M1 4H29" data-kind={kind} />
          </svg>
          {t(`map.legend_${kind}`)}
        </li>
      ))}
    </ul>
  );
}
