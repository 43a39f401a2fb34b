/** What a server with a few step types and one automation answers; for looking at pages and for tests of the browser. */
const conditions = {
  key: 'conditions',
  label: 'Conditions',
  type: 'condition',
  required: true,
  help: 'What decides.',
};
const flow = (
  type: string,
  title: string,
  shape: string,
  icon: string,
  description: string,
  options: object[],
  branches: string[] = [],
) => ({
  type,
  title,
  group: 'Flow',
  description,
  shape,
  icon,
  branches,
  options,
});
const duration = { key: 'duration', label: 'Duration', type: 'duration', required: true, help: 'How long.' };
const tag = { key: 'tag', label: 'Tag', type: 'reference', source: 'tag', required: true, help: 'Tag to add.' };
const list = { key: 'list', label: 'List', type: 'reference', source: 'list', required: false };

export const catalogue = {
  triggers: [
    {
      type: 'list.subscribed',
      title: 'Subscribes to a list',
      group: 'Contacts',
      description: 'Starts when a contact becomes active on a list.',
      options: [list],
    },
    {
      type: 'tag.added',
      title: 'Tag is added',
      group: 'Contacts',
      description: 'Starts when a tag is added.',
      options: [tag],
    },
  ],
  steps: [
    {
      type: 'email.send',
      title: 'Send an e-mail',
      group: 'Sending',
      description: 'Sends an e-mail to the contact.',
      shape: 'action',
      icon: 'mail',
      branches: [],
      options: [
        { key: 'subject', label: 'Subject', type: 'template', required: true, help: 'What the recipient reads first.' },
        { key: 'preheader', label: 'Preheader', type: 'template', required: false },
        { key: 'from', label: 'From', type: 'sender', required: false },
        { key: 'reply_to', label: 'Reply to', type: 'text', required: false },
        { key: 'design', label: 'Design', type: 'email_design', required: false },
        { key: 'html', label: 'Html', type: 'html', required: false },
        { key: 'text', label: 'Text', type: 'long_template', required: false },
        { key: 'track_opens', label: 'Track opens', type: 'switch', required: false, default: true },
      ],
    },
    {
      type: 'tag.add',
      title: 'Add a tag',
      group: 'Contacts',
      description: 'Puts a tag on the contact.',
      shape: 'action',
      icon: 'tag',
      branches: [],
      options: [tag],
    },
    {
      type: 'user.notify',
      title: 'Notify someone',
      group: 'Sending',
      description: 'Mails a colleague about the contact.',
      shape: 'action',
      icon: 'bell',
      branches: [],
      options: [{ key: 'subject', label: 'Subject', type: 'template', required: true }],
    },
    flow('wait.for', 'Wait for a while', 'wait', 'clock', 'Holds the contact for a set time.', [duration]),
    flow(
      'wait.until',
      'Wait until conditions hold',
      'wait',
      'hourglass',
      'Holds the contact until the conditions hold.',
      [conditions, { ...duration, key: 'timeout', label: 'Timeout', required: false }],
    ),
    flow(
      'flow.if',
      'If / else',
      'condition',
      'split',
      'Contacts for whom the conditions hold take the Yes branch, all others the No branch.',
      [conditions],
      ['yes', 'no'],
    ),
    flow('goal', 'Goal', 'goal', 'trophy', 'Contacts jump here as soon as the conditions hold.', [
      { key: 'name', label: 'Name', type: 'text', required: true },
      conditions,
    ]),
    flow('flow.goto', 'Go to another step', 'goto', 'arrow-right', 'The contact goes on at another step.', [
      { key: 'step', label: 'Step', type: 'step', required: true },
    ]),
    flow('flow.end', 'End this automation', 'end', 'stop', 'The automation ends here for the contact.', []),
  ],
};

export const conditionCatalogue = {
  conditions: [
    {
      key: 'email',
      title: 'E-mail address',
      group: 'Contact',
      kind: 'field',
      ops: ['is', 'contains', 'ends_with'],
      value: { type: 'text' },
    },
    { key: 'email.opened', title: 'Opened an e-mail', group: 'E-mail', kind: 'activity' },
    { key: 'order.created', title: 'Placed an order', group: 'Commerce', kind: 'activity' },
    { key: 'page.visited', title: 'Visited a page', group: 'Site', kind: 'activity' },
  ],
};

export const references: Record<string, { id: number; name: string; detail?: string }[]> = {
  tag: [
    { id: 1, name: 'engaged' },
    { id: 2, name: 'lead:warm' },
  ],
  list: [{ id: 1, name: 'Newsletter' }],
  contact: [{ id: 5, name: 'Ann Rivers', detail: 'ann@acme.example' }],
};

type Step = Record<string, unknown>;
const opened = { all: [{ activity: 'email.opened', times: { at_least: 1 } }] };

export const small = {
  entry: 'any',
  triggers: [
    { id: 't1', type: 'list.subscribed', runs: 'once', list: 1 },
    { id: 't2', type: 'tag.added', runs: 'multiple', tag: 2 },
  ],
  steps: [
    { id: 'hello', type: 'email.send', subject: 'Welcome, hello %FIRSTNAME|there%', html: '<p>Hi</p>' },
    { id: 'wait2', type: 'wait.for', duration: 'P2D' },
    {
      id: 'opened',
      type: 'flow.if',
      conditions: opened,
      yes: [
        { id: 'tag1', type: 'tag.add', tag: 1 },
        {
          id: 'inner',
          type: 'flow.if',
          conditions: { all: [{ field: 'email', op: 'ends_with', value: '@acme.example' }] },
          yes: [{ id: 'case', type: 'email.send', subject: 'Case study for you', html: '<p>Case</p>' }],
          no: [{ id: 'nudge', type: 'user.notify', subject: '' }],
        },
      ],
      no: [
        { id: 'until', type: 'wait.until', conditions: { all: [{ activity: 'page.visited' }] }, timeout: 'P7D' },
        { id: 'again', type: 'flow.goto', step: 'hello' },
      ],
    },
    { id: 'bought', type: 'goal', name: 'Purchased', conditions: { all: [{ activity: 'order.created' }] } },
  ] as Step[],
};

/** A document of about `count` steps, with branches within branches. */
export function large(count: number) {
  let n = 0;
  const plain = (): Step => {
    const id = `n${n++}`;
    return n % 3 === 0
      ? { id, type: 'wait.for', duration: `P${(n % 6) + 1}D` }
      : n % 3 === 1
        ? { id, type: 'email.send', subject: `Mail number ${n}` }
        : { id, type: 'tag.add', tag: 1 };
  };
  const branch = (depth: number): Step => ({
    id: `n${n++}`,
    type: 'flow.if',
    conditions: opened,
    yes: [plain(), ...(depth > 0 ? [branch(depth - 1)] : []), plain()],
    no: [plain(), ...(depth > 1 ? [branch(depth - 2)] : [])],
  });
  const steps: Step[] = [];
  while (n < count) steps.push(plain(), n % 2 === 0 ? branch(3) : branch(2), plain());
  return { ...small, steps };
}

const step = (step_id: string, passed: number, waiting = 0, parked = 0, results: Record<string, number> = {}) => ({
  step_id,
  passed,
  here: waiting + parked,
  waiting,
  parked,
  failed: parked,
  next_due: null,
  results,
});
export const numbers = {
  entered: 4528,
  completed: 3100,
  ended: 224,
  inside: 1204,
  parked: 3,
  steps: [
    step('hello', 4528),
    step('wait2', 4386, 142),
    step('opened', 4386, 0, 0, { yes: 2610, no: 1776 }),
    step('tag1', 2610),
    step('inner', 2610, 0, 0, { yes: 1301, no: 1309 }),
    step('case', 1301),
    step('nudge', 1306, 0, 3),
    step('until', 1264, 512),
    step('again', 1264),
    step('bought', 377),
  ],
};

/** What `small` was like one version before: other triggers, settings and steps. */
export const earlier = {
  ...small,
  entry: 'once',
  triggers: [
    { id: 't1', type: 'list.subscribed', runs: 'once', list: 1 },
    { id: 't0', type: 'tag.added', runs: 'once', tag: 3 },
  ],
  steps: [
    { id: 'hello', type: 'email.send', subject: 'Hello', html: '<p>Hello</p>' },
    {
      id: 'opened',
      type: 'flow.if',
      conditions: opened,
      yes: [
        { id: 'tag1', type: 'tag.add', tag: 3 },
        { id: 'old', type: 'tag.add', tag: 3 },
      ],
      no: [{ id: 'again', type: 'flow.goto', step: 'hello' }],
    },
    { id: 'wait2', type: 'wait.for', duration: 'P5D' },
    { id: 'bought', type: 'goal', name: 'Purchased', conditions: { all: [{ activity: 'order.created' }] } },
  ] as Step[],
};

export const labels = [
  { id: 1, name: 'Onboarding', colour: 'teal', automations: 4 },
  { id: 2, name: 'Sales', colour: 'grape', automations: 12 },
  { id: 3, name: 'Do not touch in December', colour: 'orange', automations: 0 },
];

const mapItem = (id: number, name: string, status = 'active', inside = 0) => ({ id, name, status, inside });
export const map = {
  total: 8,
  items: [
    mapItem(7, 'Welcome series', 'active', 1204),
    mapItem(8, 'Abandoned cart', 'inactive'),
    mapItem(9, 'Birthday greeting', 'draft'),
    mapItem(10, 'Hot leads to sales', 'active', 48),
    mapItem(11, 'Win back', 'active', 310),
    mapItem(12, 'Thank you', 'active', 12),
    mapItem(13, 'Newsletter preferences', 'active', 3),
    mapItem(14, 'Yearly review', 'draft'),
  ],
  links: [
    { from: 7, to: 10, kind: 'tag.added', title: 'Tag is added', thing: 'hot' },
    { from: 7, to: 12, kind: 'flow.start_automation', title: null, thing: null },
    { from: 10, to: 12, kind: 'goal.reached', title: 'Goal is reached', thing: 'Purchased' },
    { from: 12, to: 11, kind: 'flow.end_automation', title: null, thing: null },
    { from: 11, to: 7, kind: 'list.subscribed', title: 'Subscribes to a list', thing: 'Newsletter' },
    { from: 11, to: 11, kind: 'field.changed', title: 'Field changes', thing: 'Last order' },
    { from: 8, to: 13, kind: 'tag.removed', title: 'Tag is removed', thing: 'cart' },
  ],
};

export const importPreview = {
  document: { name: 'Handover', steps: [{ type: 'tag.add', tag: 'VIP' }] },
  name: 'Welcome series',
  name_taken: true,
  triggers: 2,
  steps: 9,
  missing: [
    { source: 'tag', title: 'Tag', name: 'VIP', can_create: true, can_leave_open: false, paths: ['/steps/0/tag'] },
    {
      source: 'list',
      title: 'List',
      name: 'Customers 2026',
      can_create: true,
      can_leave_open: true,
      paths: ['/triggers/0/list', '/steps/3/list'],
    },
    {
      source: 'automation',
      title: 'Automation',
      name: 'Win back',
      can_create: false,
      can_leave_open: true,
      paths: ['/steps/4/automation'],
    },
  ],
  errors: [],
};
