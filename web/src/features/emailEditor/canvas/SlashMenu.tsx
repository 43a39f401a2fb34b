import { Combobox, useCombobox } from '@mantine/core';
import { createElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../catalogue';
import { blockIcon } from '../panels/blockIcons';
import classes from './canvas.module.css';

/** `/` in an empty text: what it should be instead. Typing narrows, Enter takes, Esc leaves. */
export function SlashMenu({ onPick, onClose }: { onPick: (kind: string) => void; onClose: () => void }) {
  const { t } = useTranslation('emailEditor');
  const { kinds } = useCatalogue();
  const [search, setSearch] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const combobox = useCombobox({ defaultOpened: true });
  const found = kinds.filter((k) => k.key !== 'shared' && k.title.toLowerCase().includes(search.trim().toLowerCase()));
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    combobox.selectFirstOption();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- Only what is typed changes the first one.
  }, [search]);
  return (
    <Combobox store={combobox} onOptionSubmit={onPick} withinPortal={false} position="bottom-start" width={240}>
      <Combobox.Target>
        <input
          ref={field}
          className={classes.slash}
          aria-label={t('canvas.slash')}
          placeholder={t('canvas.slash')}
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
          onBlur={onClose}
          onKeyDown={(e) => {
            e.stopPropagation();
            if (e.key === 'Escape' || (e.key === 'Backspace' && search === '')) onClose();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={260} className={classes.slashList}>
          {found.map((kind) => (
            <Combobox.Option key={kind.key} value={kind.key} onMouseDown={(e) => e.preventDefault()}>
              {createElement(blockIcon(kind.key), { size: 15, 'aria-hidden': true })} {kind.title}
            </Combobox.Option>
          ))}
          {found.length === 0 ? <Combobox.Empty>{t('canvas.slash_none')}</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
