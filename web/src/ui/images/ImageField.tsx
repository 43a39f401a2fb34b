import { fieldProps } from '@/ui/schemaForm/fieldProps';
import type { EditorProps } from '@/ui/schemaForm/types';
import { ActionIcon, Button, Group, Input, Modal, TextInput, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPhoto, IconX } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './images.module.css';
import type { LibraryImage } from './upload';

const ImageLibrary = lazy(() => import('./ImageLibrary').then((m) => ({ default: m.ImageLibrary })));

/** A picture of the library, or the address of one elsewhere. */
export function ImageField({ onPicked, ...p }: EditorProps & { onPicked?: (image: LibraryImage) => void }) {
  const { t } = useTranslation('images');
  const [opened, dialog] = useDisclosure(false);
  const url = typeof p.value === 'string' ? p.value : '';
  const own = url.startsWith('/i/');
  return (
    <Input.Wrapper {...fieldProps(p)} labelElement="div">
      {own ? (
        <div className={classes.picked}>
          <img src={url} alt="" />
        </div>
      ) : null}
      <Group gap={6} mt={6} wrap="nowrap">
        <Button size="xs" variant="default" leftSection={<IconPhoto size={15} aria-hidden />} onClick={dialog.open}>
          {url === '' ? t('choose') : t('replace')}
        </Button>
        {url === '' ? null : (
          <Tooltip label={t('none')}>
            <ActionIcon variant="subtle" color="gray" size={30} aria-label={t('none')} onClick={() => p.onChange('')}>
              <IconX size={15} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      {own ? null : (
        <TextInput
          mt={6}
          size="xs"
          type="url"
          aria-label={t('address')}
          placeholder={t('address')}
          value={url}
          onChange={(e) => p.onChange(e.currentTarget.value)}
        />
      )}
      <ImagePicker
        opened={opened}
        onClose={dialog.close}
        onPick={(image) => {
          if (onPicked) onPicked(image);
          else p.onChange(image.url);
          dialog.close();
        }}
      />
    </Input.Wrapper>
  );
}

type PickerProps = { opened: boolean; onClose: () => void; onPick: (image: LibraryImage) => void };

export function ImagePicker({ opened, onClose, onPick }: PickerProps) {
  const { t } = useTranslation(['images', 'common']);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={1180}
      title={t('pick_title')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <Suspense>
        <ImageLibrary onPick={onPick} />
      </Suspense>
    </Modal>
  );
}
