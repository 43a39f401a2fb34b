import { formatNumber } from '@/ui/format';
import { api } from '@/api/client';
import { ErrorState } from '@/ui/ErrorState';
import { EmptyState } from '@/ui/EmptyState';
import { problemText } from '@/ui/problemText';
import { ActionIcon, Alert, Button, FileButton, Group, Skeleton, Text, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import {
  IconAlertTriangle,
  IconFolder,
  IconFolderPlus,
  IconPhoto,
  IconSearch,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './images.module.css';
import { ImageDetails } from './ImageDetails';
import { heavy, imagesIn, uploadImage, weight, type LibraryImage } from './upload';

type Props = {
  /** With it pictures are chosen; without it the library is looked after. */
  onPick?: (image: LibraryImage) => void;
};

/** Pictures of the account: dropped, pasted or chosen; in folders, searched, described, cropped. */
export function ImageLibrary({ onPick }: Props) {
  const { t } = useTranslation(['images', 'common']);
  const queryClient = useQueryClient();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 200);
  const [folder, setFolder] = useState<number | null>(null);
  const [chosen, setChosen] = useState<LibraryImage | null>(null);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(0);
  const [failed, setFailed] = useState<readonly string[]>([]);
  const [naming, setNaming] = useState<string | null>(null);
  const query = api.useQuery('get', '/api/app/images', {
    params: { query: { limit: 120, ...(search === '' ? {} : { search }), ...(folder === null ? {} : { folder }) } },
  });
  const folders = api.useQuery('get', '/api/app/image-folders');
  const refresh = useCallback(
    () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['get', '/api/app/images'] }),
        queryClient.invalidateQueries({ queryKey: ['get', '/api/app/image-folders'] }),
      ]),
    [queryClient],
  );
  const makeFolder = api.useMutation('post', '/api/app/image-folders', { onSuccess: () => void refresh() });
  const dropFolder = api.useMutation('delete', '/api/app/image-folders/{id}', { onSuccess: () => void refresh() });

  const add = useCallback(
    async (files: readonly File[]) => {
      if (files.length === 0) return;
      setFailed([]);
      setBusy(files.length);
      let last: LibraryImage | null = null;
      for (const file of files) {
        try {
          last = await uploadImage(file, folder);
        } catch (error) {
          setFailed((f) => [...f, `${file.name}: ${problemText(error).text}`]);
        }
        setBusy((n) => n - 1);
      }
      setBusy(0);
      await refresh();
      if (last) setChosen(last);
    },
    [folder, refresh],
  );
  useEffect(() => {
    const onPaste = (e: ClipboardEvent) => {
      const files = imagesIn(e.clipboardData);
      if (files.length > 0) void add(files);
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, [add]);
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    void add(imagesIn(e.dataTransfer));
  };

  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const images = query.data?.images;
  const uploadButton = (
    <FileButton multiple accept="image/png,image/jpeg,image/gif,image/webp" onChange={(files) => void add(files)}>
      {(props) => (
        <Button {...props} size="sm" leftSection={<IconUpload size={16} aria-hidden />} loading={busy > 0}>
          {t('upload')}
        </Button>
      )}
    </FileButton>
  );
  return (
    <div
      className={classes.library}
      data-over={over || undefined}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <nav className={classes.folders} aria-label={t('folders')}>
        {[
          { id: null, name: t('all') },
          { id: 0, name: t('no_folder') },
          ...(folders.data?.folders ?? []).map((f) => ({ id: f.id, name: f.name, count: f.images })),
        ].map((f) => (
          <div key={String(f.id)} className={classes.folderRow}>
            <button
              type="button"
              className={classes.folder}
              aria-current={folder === f.id ? 'true' : undefined}
              onClick={() => setFolder(f.id)}
            >
              <IconFolder size={16} aria-hidden />
              <span>{f.name}</span>
              {'count' in f ? <small>{f.count}</small> : null}
            </button>
            {'count' in f && folder === f.id ? (
              <Tooltip label={t('delete_folder')}>
                <ActionIcon
                  size={24}
                  variant="subtle"
                  color="gray"
                  aria-label={t('delete_folder')}
                  onClick={() => {
                    dropFolder.mutate({ params: { path: { id: f.id as number } } });
                    setFolder(null);
                  }}
                >
                  <IconTrash size={14} aria-hidden />
                </ActionIcon>
              </Tooltip>
            ) : null}
          </div>
        ))}
        {naming === null ? (
          <Button
            variant="subtle"
            size="compact-sm"
            justify="flex-start"
            leftSection={<IconFolderPlus size={16} aria-hidden />}
            onClick={() => setNaming('')}
          >
            {t('new_folder')}
          </Button>
        ) : (
          <form
            onSubmit={(e) => {
              e.preventDefault();
              if (naming.trim() !== '') makeFolder.mutate({ body: { name: naming.trim() } });
              setNaming(null);
            }}
          >
            <TextInput
              size="xs"
              aria-label={t('folder_name')}
              placeholder={t('folder_name')}
              value={naming}
              maxLength={100}
              data-autofocus
              ref={(field) => field?.focus()}
              onChange={(e) => setNaming(e.currentTarget.value)}
              onBlur={() => setNaming(null)}
            />
          </form>
        )}
        {query.data ? (
          <Text size="xs" c="dimmed" mt="auto">
            {t('used', {
              used: weight(query.data.used_bytes),
              quota: `${formatNumber(query.data.quota_bytes / 2 ** 20)} MB`,
            })}
          </Text>
        ) : null}
      </nav>
      <div className={classes.main}>
        <Group gap="sm" wrap="nowrap">
          <TextInput
            flex={1}
            aria-label={t('search')}
            placeholder={t('search')}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
          />
          {uploadButton}
        </Group>
        {query.data?.cannot_process ? (
          <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />} title={t('not_processed')}>
            {query.data.cannot_process}
          </Alert>
        ) : null}
        {failed.length > 0 ? (
          <Alert color="red" title={t('failed')} withCloseButton onClose={() => setFailed([])}>
            {failed.map((line) => (
              <div key={line}>{line}</div>
            ))}
          </Alert>
        ) : null}
        {images === undefined ? (
          <div className={classes.grid} aria-busy="true">
            {Array.from({ length: 8 }, (_, i) => (
              <Skeleton key={i} height={132} radius="md" />
            ))}
          </div>
        ) : images.length === 0 ? (
          <EmptyState
            icon={IconPhoto}
            title={search === '' ? t('empty') : t('no_match')}
            text={search === '' ? t('empty_text') : t('no_match_text', { search })}
            action={search === '' ? uploadButton : null}
          />
        ) : (
          <ul className={classes.grid}>
            {images.map((image) => (
              <li key={image.id}>
                <button
                  type="button"
                  className={classes.card}
                  aria-pressed={chosen?.id === image.id}
                  onClick={() => setChosen(image)}
                  onDoubleClick={() => onPick?.(image)}
                >
                  <span className={classes.thumb}>
                    <img src={image.thumbnail_url} alt="" loading="lazy" />
                  </span>
                  <span className={classes.name}>{image.name}</span>
                  <span className={classes.facts} data-heavy={image.bytes > heavy || undefined}>
                    {image.width} × {image.height} · {weight(image.bytes)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      {chosen ? (
        <ImageDetails
          key={chosen.id}
          image={chosen}
          folders={folders.data?.folders ?? []}
          canProcess={!query.data?.cannot_process}
          onChanged={(image) => {
            setChosen(image);
            void refresh();
          }}
          {...(onPick ? { onPick } : {})}
        />
      ) : null}
    </div>
  );
}
