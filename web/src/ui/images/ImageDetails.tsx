import { api } from '@/api/client';
import { CopyButton } from '@/ui/CopyButton';
import { Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconCrop, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CropDialog } from './CropDialog';
import classes from './images.module.css';
import { heavy, weight, type LibraryImage } from './upload';

type Props = {
  image: LibraryImage;
  folders: readonly { id: number; name: string }[];
  canProcess: boolean;
  /** Null: it was taken out. */
  onChanged: (image: LibraryImage | null) => void;
  onPick?: (image: LibraryImage) => void;
};

/** One picture: what it is called, what is read aloud for it, how heavy it is, and its parts. */
export function ImageDetails({ image, folders, canProcess, onChanged, onPick }: Props) {
  const { t } = useTranslation('images');
  const [name, setName] = useState(image.name);
  const [alt, setAlt] = useState(image.alt);
  const [cropping, setCropping] = useState(false);
  const change = api.useMutation('put', '/api/app/images/{id}', { onSuccess: (made) => onChanged(made) });
  const remove = api.useMutation('delete', '/api/app/images/{id}', { onSuccess: () => onChanged(null) });
  const save = (body: { name?: string; alt?: string; folder_id?: number }) =>
    change.mutate({ params: { path: { id: image.id } }, body });
  return (
    <aside className={classes.details} aria-label={t('details')}>
      <div className={classes.large}>
        <img src={image.thumbnail_url} alt={image.alt} />
      </div>
      <Stack gap="sm">
        <TextInput
          label={t('name')}
          value={name}
          maxLength={200}
          onChange={(e) => setName(e.currentTarget.value)}
          onBlur={() => name.trim() !== '' && name !== image.name && save({ name })}
        />
        <Textarea
          label={t('alt')}
          description={t('alt_help')}
          autosize
          minRows={2}
          value={alt}
          maxLength={500}
          onChange={(e) => setAlt(e.currentTarget.value)}
          onBlur={() => alt !== image.alt && save({ alt })}
        />
        <Select
          label={t('folder')}
          data={[
            { value: '0', label: t('no_folder') },
            ...folders.map((f) => ({ value: String(f.id), label: f.name })),
          ]}
          value={String(image.folder_id ?? 0)}
          allowDeselect={false}
          onChange={(id) => save({ folder_id: Number(id) })}
        />
        <Text size="xs" c="dimmed">
          {image.width} × {image.height} · {image.format.toUpperCase()} · {weight(image.bytes)}
        </Text>
        {image.bytes > heavy ? (
          <Text size="xs" className={classes.warning}>
            {t('heavy')}
          </Text>
        ) : null}
        {onPick ? <Button onClick={() => onPick({ ...image, alt })}>{t('use')}</Button> : null}
        <Group gap={6}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCrop size={15} aria-hidden />}
            disabled={!canProcess || image.format === 'gif'}
            onClick={() => setCropping(true)}
          >
            {t('crop')}
          </Button>
          <CopyButton value={image.public_url} label={t('copy_address')} />
          <Button
            size="xs"
            variant="subtle"
            color="red"
            leftSection={<IconTrash size={15} aria-hidden />}
            loading={remove.isPending}
            onClick={() => remove.mutate({ params: { path: { id: image.id } } })}
          >
            {t('delete')}
          </Button>
        </Group>
      </Stack>
      {cropping ? <CropDialog image={image} onClose={() => setCropping(false)} onMade={onChanged} /> : null}
    </aside>
  );
}
