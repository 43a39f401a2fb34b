import { describe, expect, it } from 'vitest';
import { compareDocuments, countChanges, sameJson } from './diff';
import type { AutomationDocument, Step } from './document';
import { allIds, moveStep, removeStep, updateStep } from './operations';
import { index, randomFrom, randomSteps } from './testing';

const { branchesOf } = index;
const compare = (before: AutomationDocument, after: AutomationDocument) => compareDocuments(before, after, branchesOf);
const mail = (id: string, subject = id): Step => ({ id, type: 'email.send', subject });
const said = (before: AutomationDocument, after: AutomationDocument) =>
  compare(before, after).changes.map(
    (c) => `${c.what} ${c.id} ${c.kind}${c.moved && c.kind !== 'moved' ? ' moved' : ''}`,
  );
const base: AutomationDocument = {
  triggers: [{ id: 't', type: 'tag.added', tag: 1, runs: 'once' }],
  steps: [
    mail('a'),
    { id: 'if', type: 'flow.if', conditions: { all: [] }, yes: [mail('y1'), mail('y2')], no: [mail('n')] },
    mail('z'),
  ],
};

describe('what changed', () => {
  it('is nothing between the same documents, whatever the order of their members and what null stands for', () => {
    expect(said(base, base)).toEqual([]);
    expect(sameJson({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2, d: null }], a: 1 })).toBe(true);
    expect(said({ ...base, entry: 'any' }, { ...base, unsubscribe_lists: null })).toEqual([]);
  });

  it('names steps added, removed, changed and moved, each once, in the order of the canvas', () => {
    let after = removeStep(base, 'n', branchesOf);
    after = updateStep(after, 'a', branchesOf, (s) => ({ ...s, subject: 'New' }));
    after = moveStep(after, 'z', { parent: 'if', branch: 'yes', index: 0 }, branchesOf);
    after = { ...after, steps: [...after.steps, mail('fresh')] };
    expect(said(base, after)).toEqual(['step a changed', 'step z moved', 'step n removed', 'step fresh added']);
    expect(countChanges(compare(base, after).changes)).toEqual({ added: 1, removed: 1, changed: 1, moved: 1 });
  });

  it('says of a step that changes places with another that one of them has moved', () => {
    expect(said(base, moveStep(base, 'y2', { parent: 'if', branch: 'yes', index: 0 }, branchesOf))).toHaveLength(1);
  });

  it('says of a step that is changed and moved both, once', () => {
    const after = updateStep(
      moveStep(base, 'z', { parent: null, branch: null, index: 0 }, branchesOf),
      'z',
      branchesOf,
      (s) => ({ ...s, subject: 'New' }),
    );
    expect(said(base, after)).toEqual(['step z changed moved']);
  });

  it('tells triggers and settings', () => {
    const after: AutomationDocument = {
      ...base,
      entry: 'once',
      exit_on_unsubscribe: true,
      triggers: [
        { id: 't', type: 'tag.added', tag: 2, runs: 'once' },
        { id: 'u', type: 'tag.added' },
      ],
    };
    expect(said(base, after)).toEqual([
      'setting entry changed',
      'setting exit_on_unsubscribe changed',
      'trigger t changed',
      'trigger u added',
    ]);
    expect(said(after, base)).toContain('trigger u removed');
    expect(compare(after, base).merged.triggers.map((t) => t.id)).toEqual(['t', 'u']);
  });

  it('shows removed steps where they stood, with what was removed inside them, and what stayed where it is now', () => {
    // The decision goes, its yes branch stays in its place.
    const after = removeStep(base, 'if', branchesOf, 'yes');
    const { merged, changes } = compare(base, after);
    expect(merged.steps.map((s) => s.id)).toEqual(['a', 'if', 'y1', 'y2', 'z']);
    const ghost = merged.steps[1];
    expect([ghost?.['yes'], (ghost?.['no'] as Step[]).map((s) => s.id)]).toEqual([[], ['n']]);
    expect(changes.map((c) => `${c.id} ${c.kind}`)).toEqual(['if removed', 'n removed', 'y1 moved', 'y2 moved']);
  });

  it('holds for any two documents: every step is there once, and nothing changed means nothing said', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomFrom(seed);
      const before: AutomationDocument = { triggers: [], steps: randomSteps(random) };
      const after: AutomationDocument = { triggers: [], steps: randomSteps(random) };
      const { merged, changes } = compare(before, after);
      const [old, now] = [allIds(before, branchesOf), allIds(after, branchesOf)];
      expect([...allIds(merged, branchesOf)].toSorted()).toEqual([...new Set([...old, ...now])].toSorted());
      expect(new Set(changes.map((c) => c.id)).size).toBe(changes.length);
      expect(
        changes
          .filter((c) => c.kind === 'removed')
          .map((c) => c.id)
          .toSorted(),
      ).toEqual([...old].filter((id) => !now.has(id)).toSorted());
      expect(compare(after, after).changes).toEqual([]);
    }
  });
});
