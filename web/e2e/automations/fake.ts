import type { Page, Route } from '@playwright/test';
import { catalogue, conditionCatalogue, importPreview, labels, map, numbers, references, small } from './samples';

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const person = {
  run_id: 11,
  contact_id: 5,
  name: 'Ann Rivers',
  email: 'ann@acme.example',
  status: 'waiting',
  step_id: 'wait2',
  since: ago(20),
  due_at: ago(-28),
  error: null,
};
const stuck = { status: 'parked', due_at: null, error: 'internal_error: TimeoutException' };
const visit = (version: number, step_id: string, hours: number, result: string, detail: string | null = null) => ({
  version,
  step_id,
  arrived_at: ago(hours),
  left_at: ago(hours),
  result,
  detail,
  why: [],
});

/** Answers for the automations pages in place of a server; keeps the draft. Returns what was saved. */
export async function fakeAutomations(page: Page, document: object = small) {
  const state = {
    document: document as Record<string, unknown>,
    name: 'Welcome series',
    revision: 1,
    saves: 0,
    status: 'active',
    /** Runs that were to be tried again. */ retried: [] as number[],
    /** What the published versions are; absent: the same as the draft. */
    earlier: undefined as object | undefined,
  };
  const json = (route: Route, body: unknown, status = 200) =>
    route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
  const automation = () => ({
    id: 7,
    name: state.name,
    description: 'Greets newcomers',
    status: state.status,
    published_version: 3,
    changed: true,
    revision: state.revision,
    active_since: ago(900),
    created_at: ago(1000),
    updated_at: ago(2),
    document: state.document,
    names: { tag: { 1: 'engaged', 2: 'lead:warm' }, list: { 1: 'Newsletter' } },
  });
  const summary = (id: number, name: string, status: string) => ({
    id,
    name,
    status,
    published_version: status === 'draft' ? null : 3,
    changed: id === 7,
    created_at: ago(900),
    updated_at: ago(id * 5),
    entered: status === 'draft' ? 0 : 4528 * id,
    completed: 3100,
    ended: 224,
    inside: status === 'active' ? 1204 : 0,
    labels: id === 7 ? [1, 2] : id === 8 ? [2] : [],
  });
  await page.route('**/api/app/automation-labels', (route) => json(route, { items: labels }));
  await page.route('**/api/app/conditions', (route) => json(route, conditionCatalogue));
  await page.route('**/api/app/references/**', (route) => {
    const url = new URL(route.request().url());
    return json(route, { items: references[url.pathname.split('/').at(-1) ?? ''] ?? [] });
  });
  await page.route('**/api/app/contacts/5', (route) =>
    json(route, { id: 5, email: 'ann@acme.example', first_name: 'Ann', last_name: 'Rivers' }),
  );
  await page.route('**/api/app/runs/21/retry', (route) => {
    state.retried.push(21);
    return json(route, { retried: 1 });
  });
  await page.route('**/api/app/runs/11', (route) =>
    json(route, {
      run: {
        ...person,
        id: 11,
        automation_id: 7,
        automation: 'Welcome series',
        step_id: 'until',
        arrived_at: ago(21),
        entered_at: ago(70),
        finished_at: null,
        trigger: 't1',
        attempts: 0,
        version: 3,
      },
      visits: [
        visit(2, 'hello', 70, 'done'),
        visit(3, 'wait2', 69, 'waited'),
        visit(3, 'opened', 21, 'no', 'Opened an e-mail: not within the wait.'),
      ],
      truncated: false,
      waits_for: [],
    }),
  );
  await page.route('**/api/app/automations**', async (route) => {
    const request = route.request();
    const path = new URL(request.url()).pathname.replace('/api/app/automations', '');
    const is = (method: string, pattern: RegExp) => request.method() === method && pattern.test(path);
    if (is('GET', /^\/catalogue$/)) return json(route, catalogue);
    if (is('GET', /^$/))
      return json(route, {
        items: [
          summary(7, 'Welcome series', 'active'),
          summary(8, 'Abandoned cart', 'inactive'),
          summary(9, 'Birthday greeting', 'draft'),
        ],
        total: 3,
      });
    if (is('PUT', /^\/7$/)) {
      const body = request.postDataJSON() as { name: string; document: Record<string, unknown> };
      if (request.headers()['if-match'] !== `"${state.revision}"`)
        return json(route, { status: 412, code: 'version_conflict', title: 'Changed' }, 412);
      Object.assign(state, {
        document: body.document,
        name: body.name,
        revision: state.revision + 1,
        saves: state.saves + 1,
      });
      return json(route, { revision: state.revision, changed: true });
    }
    if (is('POST', /^\/7\/check$/)) {
      const asked = JSON.stringify(request.postDataJSON());
      const problems = asked.includes('"id":"nudge"')
        ? [
            {
              severity: 'error',
              step_id: 'nudge',
              path: '/steps/2/yes/1/no/0/subject',
              code: 'required',
              message: 'A subject is needed.',
              structural: false,
            },
          ]
        : [];
      return json(route, { problems });
    }
    if (is('GET', /^\/7\/numbers$/)) return json(route, numbers);
    const asksFor = new URL(request.url()).searchParams.get('status');
    if (is('GET', /^\/7\/people$/) && asksFor === 'parked')
      return json(route, {
        items: [
          { ...person, ...stuck, run_id: 21, name: 'Cleo Dawn' },
          { ...person, ...stuck, run_id: 22, contact_id: 6, name: 'Ben Lake' },
        ].filter(({ run_id }) => !state.retried.includes(run_id)),
        cursor: null,
      });
    if (is('POST', /^\/7\/retry$/)) {
      state.retried.push(21, 22);
      return json(route, { retried: 2 });
    }
    if (is('GET', /^\/7\/people$/))
      return json(route, {
        items: [person, { ...person, run_id: 12, contact_id: 6, name: 'Ben Lake', since: ago(3) }],
        cursor: null,
      });
    if (is('GET', /^\/7\/versions$/))
      return json(
        route,
        [3, 2, 1].map((number) => ({
          number,
          published_at: ago(200 - number * 50),
          published_by: 1,
          publisher: number === 1 ? null : 'Ann Rivers',
          note: number === 3 ? 'Asks for the purchase two days earlier, as sales wished.' : '',
          current: number === 3,
        })),
      );
    if (is('GET', /^\/7\/versions\/[23]$/))
      return json(route, {
        number: Number(path.at(-1)),
        published_at: ago(50),
        note: '',
        names: { tag: { 1: 'engaged', 2: 'lead:warm', 3: 'old offer' }, list: { 1: 'Newsletter' } },
        document: state.earlier ?? state.document,
      });
    if (is('GET', /^\/map$/)) return json(route, map);
    if (is('POST', /^\/fragments\/names$/)) return json(route, request.postDataJSON());
    if (is('POST', /^\/fragments\/ids$/))
      return json(route, { ...(request.postDataJSON() as object), missing: [{ source: 'tag', name: 'Nowhere' }] });
    if (is('POST', /^\/import\/preview$/)) return json(route, importPreview);
    if (is('GET', /^\/7\/publish-preview$/))
      return json(route, {
        inside: [
          { from: 'n0', count: 142, to: 'n0', removed: null },
          { from: 'old', count: 12, to: 'n0', removed: { type: 'tag.add', options: { tag: 1 } } },
          { from: 'older', count: 1, to: null, removed: { type: 'wait.for', options: { duration: 'P2D' } } },
        ],
        problems: [],
      });
    if (is('GET', /^\/7\/standing$/)) return json(route, { triggers: [], entering: 0 });
    if (is('GET', /^\/7\/standing\/job$/)) return json(route, { job: null });
    if (is('GET', /^\/7$/)) return json(route, automation());
    return json(route, { status: 404, code: 'not_found', title: 'Not found' }, 404);
  });
  return state;
}
