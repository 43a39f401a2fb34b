import { lane, type BranchesOf, type Slot, type Step, type AutomationDocument } from '../model/document';

/** A line of the outline: a step, or the head of one of its branches. */
export type OutlineRow =
  | { kind: 'step'; key: string; step: Step; slot: Slot; level: number; position: number; of: number }
  | {
      kind: 'branch';
      key: string;
      owner: Step;
      branch: string;
      level: number;
      position: number;
      of: number;
      end: Slot;
    };

export function outlineRows(document: AutomationDocument, branchesOf: BranchesOf): OutlineRow[] {
  const rows: OutlineRow[] = [];
  const list = (steps: readonly Step[], parent: string | null, branch: string | null, level: number) => {
    for (const [index, step] of steps.entries()) {
      rows.push({
        kind: 'step',
        key: step.id,
        step,
        slot: { parent, branch, index },
        level,
        position: index + 1,
        of: steps.length,
      });
      const branches = branchesOf(step);
      for (const [i, name] of branches.entries()) {
        const inner = lane(step, name);
        const end = { parent: step.id, branch: name, index: inner.length };
        rows.push({
          kind: 'branch',
          key: `${step.id}/${name}`,
          owner: step,
          branch: name,
          level: level + 1,
          position: i + 1,
          of: branches.length,
          end,
        });
        list(inner, step.id, name, level + 2);
      }
    }
  };
  list(document.steps, null, null, 1);
  return rows;
}
