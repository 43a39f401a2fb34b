import { ColorSwatch, Popover, UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './labels.module.css';
import { colours } from './useLabels';

type Props = { value: string; onChange: (colour: string) => void };

/** One of the palette's colours; each has its name for those who do not see it. */
export function ColourPicker({ value, onChange }: Props) {
  const { t } = useTranslation('builder');
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus returnFocus position="bottom-start" withinPortal>
      <Popover.Target>
        <UnstyledButton
          aria-label={t('labels.colour', { colour: t(`colour.${value}`) })}
          onClick={() => setOpened((o) => !o)}
        >
          <ColorSwatch component="span" color={`var(--mantine-color-${value}-6)`} size={24} withShadow={false} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={10} maw={240}>
        <div className={classes.swatches} role="group" aria-label={t('labels.colours')}>
          {colours.map((colour) => (
            <UnstyledButton
              key={colour}
              aria-label={t(`colour.${colour}`)}
              aria-pressed={colour === value}
              onClick={() => {
                onChange(colour);
                setOpened(false);
              }}
            >
              <ColorSwatch component="span" color={`var(--mantine-color-${colour}-6)`} size={26} withShadow={false}>
                {colour === value ? <IconCheck size={15} stroke={3} color="#fff" aria-hidden /> : null}
              </ColorSwatch>
            </UnstyledButton>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
