import type { components } from '@/api/schema';
import { formatNumber } from '@/ui/format';
import { useTranslation } from 'react-i18next';
import health from '../log/health.module.css';
import classes from './deliverability.module.css';
import { shareText, toneOf, type Tone } from './share';

type Props = { figures: components['schemas']['DeliverabilityFigures'] };

/** The rates of all mail in a row. */
export function ArrivalFigures({ figures: f }: Props) {
  const { t } = useTranslation('settings');
  const bounced = f.hard + f.soft;
  const rows: { key: string; value: string; of: string; tone: Tone }[] = [
    {
      key: 'delivered',
      value: shareText(f.delivered, f.tried),
      of: t('deliverability.of', { part: formatNumber(f.delivered), all: formatNumber(f.tried) }),
      tone: undefined,
    },
    {
      key: 'bounced',
      value: shareText(bounced, f.tried),
      of: t('deliverability.hard_soft', { hard: formatNumber(f.hard), soft: formatNumber(f.soft) }),
      tone: toneOf(bounced, f.tried, 0.02, 0.05),
    },
    {
      key: 'block',
      value: shareText(f.block, f.tried),
      of: t('deliverability.mails', { count: f.block, shown: formatNumber(f.block) }),
      tone: toneOf(f.block, f.tried, 0.05, 0.2),
    },
    {
      key: 'complained',
      value: shareText(f.complained, f.delivered),
      of: t('deliverability.mails', { count: f.complained, shown: formatNumber(f.complained) }),
      tone: toneOf(f.complained, f.delivered, 0.0008, 0.002),
    },
    {
      key: 'deferred',
      value: formatNumber(f.deferred),
      of: t('deliverability.attempts'),
      tone: undefined,
    },
  ];
  return (
    <dl className={health.figures}>
      {rows.map((row) => (
        <div key={row.key} data-tone={row.tone}>
          <dt>{t(`deliverability.figures.${row.key}`)}</dt>
          <dd className="tabular">{row.value}</dd>
          <dd className={classes.of}>{row.of}</dd>
        </div>
      ))}
    </dl>
  );
}
