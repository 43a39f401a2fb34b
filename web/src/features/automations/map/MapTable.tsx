import { AppLink } from '@/ui/AppLink';
import { StatusBadge } from '@/ui/StatusBadge';
import { Anchor, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AutomationMap } from '../api/types';
import { statusTones } from '../list/statusTones';
import classes from './map.module.css';
import { linksInWords } from './words';

type Props = { map: AutomationMap; found: ReadonlySet<number> | null };

/** The map in words: each automation with what it does to others, and what others do to it. */
export function MapTable({ map, found }: Props) {
  const { t } = useTranslation(['builder', 'automations']);
  const names = new Map(map.items.map((i) => [i.id, i.name]));
  const rows = map.items.filter((i) => found === null || found.has(i.id));
  const lines = (texts: readonly string[]) =>
    texts.length === 0 ? (
      <Text size="sm" c="dimmed" aria-hidden>
        -
      </Text>
    ) : (
      <ul className={classes.lines}>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    );
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table verticalSpacing="xs" aria-label={t('map.open')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('map.automation')}</Table.Th>
            <Table.Th>{t('map.does')}</Table.Th>
            <Table.Th>{t('map.is')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((item) => {
            const { does, is } = linksInWords(item.id, map.links, (id) => names.get(id) ?? String(id), t);
            return (
              <Table.Tr key={item.id}>
                <Table.Td style={{ verticalAlign: 'top' }}>
                  <Anchor component={AppLink} to={`/automations/${item.id}`} size="sm" fw={600}>
                    {item.name}
                  </Anchor>
                  <div>
                    <StatusBadge
                      tone={statusTones[item.status]}
                      label={t(`status.${item.status}`, { ns: 'automations' })}
                    />
                  </div>
                </Table.Td>
                <Table.Td style={{ verticalAlign: 'top' }}>{lines(does)}</Table.Td>
                <Table.Td style={{ verticalAlign: 'top' }}>{lines(is)}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
