import { client } from './client';

export type ReportDays = { first: string; last: string; compare: boolean };

/** Whose opens and clicks count: privacy are those of mailboxes that fetch everything. */
export type ReportCounting = { privacy: boolean; machines: 'as_recorded' | 'none' | 'all' };

/** What a report is narrowed by, and what one point of it stands for. */
export type ReportChoice = { step?: 'day' | 'week' | 'month'; filters?: Record<string, string> };

const chosen = ({ step, filters = {} }: ReportChoice) => ({
  ...(step ? { step } : {}),
  filter: Object.entries(filters).map(([key, value]) => `${key}:${value}`),
});

/** Pages know more of a period than the server takes. */
const only = ({ first, last, compare }: ReportDays): ReportDays => ({ first, last, compare });

/** The reports about a thing of this kind. */
export const listReports = async (subject: string) =>
  (await client.GET('/api/app/reports', { params: { query: { subject } } })).data?.items ?? [];

/** @param subject Id of the thing it is about; 0: the account.
 *  @param days Absent: the last thirty, against the thirty before. */
export async function loadReport(
  key: string,
  subject: number,
  days?: ReportDays,
  counting?: ReportCounting,
  choice?: ReportChoice,
) {
  const { data } = await client.GET('/api/app/reports/{key}', {
    params: {
      path: { key },
      query: {
        subject_id: subject,
        ...(days ? only(days) : { compare: true }),
        ...counting,
        ...(choice ? chosen(choice) : {}),
      },
    },
  });
  if (data === undefined) throw new Error('No answer.');
  return data;
}

/** Has the report fetched as a CSV file. */
export async function fetchReportFile(
  key: string,
  subject: number,
  days?: ReportDays,
  counting?: ReportCounting,
  choice?: ReportChoice,
) {
  const { filter: filters, step } = chosen(choice ?? {});
  const { data } = await client.POST('/api/app/reports/{key}/link', {
    params: { path: { key } },
    body: {
      subject_id: subject,
      compare: false,
      privacy: true,
      ...(days ? only(days) : {}),
      ...counting,
      ...(step ? { step } : {}),
      filters,
    },
  });
  if (data) window.location.assign(data.path);
}
