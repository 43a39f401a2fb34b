import type { components } from './schema';

export type ProblemBody = components['schemas']['ProblemBody'];

/** An answer of the server that is no success: RFC 9457 fields as sent, or made up from the status where the body says nothing. The title is a sentence for a person. */
export class Problem extends Error {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly trace_id?: string;
  readonly errors: { path: string; code?: string; message: string }[];

  constructor(body: Partial<ProblemBody> & { status: number }) {
    super(body.title ?? `HTTP ${body.status}`);
    this.name = 'Problem';
    this.title = body.title ?? '';
    this.status = body.status;
    this.code = body.code ?? `http_${body.status}`;
    if (body.trace_id !== undefined) this.trace_id = body.trace_id;
    this.errors = body.errors ?? [];
  }
}

/** Status 0: the server was not reached at all. */
export const unreachable = () => new Problem({ status: 0, code: 'unreachable' });

export async function readProblem(response: Response): Promise<Problem> {
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const body: unknown = isJson ? await response.json().catch(() => null) : null;
  const fields = typeof body === 'object' && body !== null ? (body as Partial<ProblemBody>) : {};
  const trace = fields.trace_id ?? response.headers.get('x-trace-id') ?? undefined;
  return new Problem({
    ...fields,
    status: response.status,
    errors: Array.isArray(fields.errors) ? fields.errors : [],
    ...(trace === undefined ? {} : { trace_id: trace }),
  });
}

export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem({
    status: -1,
    code: 'client_error',
    title: error instanceof Error ? error.message : String(error),
  });
}

/**
 * The messages of a `validation_failed` answer by form field. Paths come as JSON pointers (`/sender/name`) or dotted
 * (`sender.name`); fields are named dotted, as Mantine's forms do.
 */
export function fieldErrors(error: unknown): Record<string, string> {
  const byField: Record<string, string> = {};
  for (const { path, message } of toProblem(error).errors) {
    const field = path
      .replace(/^[#$]?[/.]?/, '')
      .replace(/\//g, '.')
      .replace(/\[(\d+)\]/g, '.$1');
    byField[field] = byField[field] === undefined ? message : `${byField[field]} ${message}`;
  }
  return byField;
}

export type ProblemKind =
  | 'validation'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'version_conflict'
  | 'limit'
  | 'busy'
  | 'unreachable'
  | 'page'
  | 'unknown';

const kinds: Record<number, ProblemKind> = {
  [-1]: 'page',
  0: 'unreachable',
  400: 'validation',
  401: 'unauthenticated',
  402: 'limit',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  412: 'version_conflict',
  422: 'validation',
  429: 'busy',
  503: 'busy',
};

export const problemKind = (error: unknown): ProblemKind => kinds[toProblem(error).status] ?? 'unknown';
