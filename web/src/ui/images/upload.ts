import type { components } from '@/api/schema';
import { client } from '@/api/client';

export type LibraryImage = components['schemas']['ImageView'];

/** Sends the file itself; the name goes beside it. */
export async function uploadImage(file: File, folder: number | null): Promise<LibraryImage> {
  const { data } = await client.POST('/api/app/images', {
    params: { query: { name: file.name, ...(folder === null || folder === 0 ? {} : { folder_id: folder }) } },
    headers: { 'Content-Type': file.type.startsWith('image/') ? file.type : 'application/octet-stream' },
    body: file as never,
    bodySerializer: (body: unknown) => body as never,
  });
  if (data === undefined) throw new Error('The picture could not be uploaded.');
  return data;
}

/** The pictures among what was dropped or pasted. */
export const imagesIn = (data: DataTransfer | null): File[] =>
  [...(data?.files ?? [])].filter((f) => f.type.startsWith('image/'));

export const weight = (bytes: number): string =>
  bytes < 1_000_000
    ? `${Math.ceil(bytes / 1000)} kB`
    : bytes < 1_000_000_000
      ? `${(bytes / 1_000_000).toFixed(1)} MB`
      : `${(bytes / 1_000_000_000).toFixed(1)} GB`;

/** From here on a picture makes a mail slow to load on a telephone. */
export const heavy = 500_000;
