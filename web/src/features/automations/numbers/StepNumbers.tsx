import { formatNumber } from '@/ui/format';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import { useLive } from '../builder/context';
import canvas from '../canvas/canvas.module.css';
import type { PeriodNumbers } from './usePeriodNumbers';

/** On a card: who came in these days, and who was lost here. */
export function StepNumbers({ id }: { id: string }) {
  const { t } = useTranslation('builder');
  const { period } = useLive();
  const step = period?.steps[id];
  if (!period) return null;
  const said = (value: number) =>
    period.share && period.entered > 0
      ? formatNumber(value / period.entered, { style: 'percent', maximumFractionDigits: 1 })
      : formatNumber(value);
  const parts = [
    { kind: 'passed', key: 'arrived', value: step?.arrived ?? 0, text: said(step?.arrived ?? 0), show: true },
    {
      kind: 'left',
      key: 'left',
      value: step?.left ?? 0,
      text: `−${said(step?.left ?? 0)}`,
      show: (step?.left ?? 0) > 0,
    },
    {
      kind: 'errors',
      key: 'failed',
      value: step?.failed ?? 0,
      text: formatNumber(step?.failed ?? 0),
      show: (step?.failed ?? 0) > 0,
    },
  ];
  return (
    <div className={canvas.numbers}>
      {parts
        .filter((p) => p.show)
        .map((p) => (
          <span
            key={p.key}
            className={canvas.number}
            data-kind={p.kind}
            title={t(`numbers.${p.key}`, { count: p.value, number: formatNumber(p.value) })}
          >
            {p.key === 'failed' ? <IconAlertTriangle size={12} aria-hidden /> : null}
            {p.text}
          </span>
        ))}
    </div>
  );
}

/** The same for those who hear it. */
export function periodText(period: PeriodNumbers, id: string, t: TFunction<['automations', 'builder']>) {
  const step = period.steps[id];
  return (['arrived', 'left', 'failed'] as const)
    .map((key) => ({ key, value: step?.[key] ?? 0 }))
    .filter(({ key, value }) => key === 'arrived' || value > 0)
    .map(({ key, value }) => t(`numbers.${key}`, { ns: 'builder', count: value, number: formatNumber(value) }))
    .join(', ');
}
