import { client } from '@/api/client';

export const listReports = async () =>
  (await client.GET('/api/app/reports', { params: { query: { subject: 'automation' } } })).data?.items ?? [];

export type ReportDays = { first: string; last: string; compare: boolean };

export async function loadReport(key: string, automation: string, days: ReportDays) {
  const { first, last, compare } = days;
  const { data } = await client.GET('/api/app/reports/{key}', {
    params: { path: { key }, query: { subject_id: Number(automation), first, last, compare } },
  });
  if (data === undefined) throw new Error('No answer.');
  return data;
}
