import { render } from '@/testing/render';
import { server } from '@/testing/server';
import { screen } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import type { RunPath } from '../api/types';
import { Builder, Live } from '../builder/context';
import { createBuilderStore } from '../builder/store';
import { useSummary } from '../builder/useSummary';
import { emptyDocument, type Step } from '../model/document';
import { index } from '../model/testing';
import { useWalkedSteps } from './useWalkedSteps';
import { VisitList, visitsOf } from './VisitList';

const goal = (id: string, name: string): Step => ({ id, type: 'goal', name });
const now = { ...emptyDocument, steps: [goal('b', 'Now called so')] };
const path = {
  run: {
    status: 'waiting',
    step_id: 'b',
    arrived_at: '2026-11-20T10:00:00Z',
    entered_at: '2026-11-19T10:00:00Z',
    finished_at: null,
    due_at: null,
    error: null,
    version: 3,
  },
  visits: [
    ...[
      ['a', 1],
      ['b', 2],
      ['x', null],
    ].map(([step_id, version], i) => ({
      visit_no: i + 1,
      step_id,
      version,
      arrived_at: '2026-11-19T10:00:00Z',
      left_at: '2026-11-19T11:00:00Z',
      result: 'done',
      detail: null,
      why: [],
    })),
  ],
  waits_for: [{ words: 'Tag is VIP', holds: false, found: null }],
  truncated: false,
} as unknown as RunPath;

function Path() {
  const visits = visitsOf(path);
  const { steps, pending } = useWalkedSteps('7', { document: now, version: 3 }, visits, index);
  const summary = useSummary(now, index, { conditions: [] }, {});
  return (
    <Live value={{ problems: [], counts: null, summary }}>
      <VisitList path={path} visits={visits} steps={steps} pending={pending} onStep={() => {}} />
    </Live>
  );
}

test('a step bears the name of the version in which it was taken, also when it is gone or renamed since', async () => {
  server.use(
    http.get('*/api/app/automations/7/versions/:number', ({ params }) =>
      HttpResponse.json({
        number: Number(params.number),
        document: { ...now, steps: params.number === '1' ? [goal('a', 'Gone by now')] : [goal('b', 'Once called so')] },
      }),
    ),
  );
  const store = createBuilderStore(now, { name: 'x', description: '' });
  render(
    <Builder value={{ automationId: '7', store, index, conditions: { conditions: [] } }}>
      <Path />
    </Builder>,
  );
  await screen.findByText(/Gone by now/);
  expect(screen.getAllByRole('button').map((b) => b.textContent)).toEqual([
    'Gone by now',
    'Once called so',
    'A step that was removed',
    'Now called so',
  ]);
  expect(screen.getAllByText('Tag is VIP')).toHaveLength(1);
});
