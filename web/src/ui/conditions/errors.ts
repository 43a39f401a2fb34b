import { toProblem } from '@/api/problem';
import { createContext } from 'react';

/** What the server says is wrong with a tree: messages by JSON pointer into it. */
export type TreeErrors = Readonly<Record<string, string>>;

export const ConditionErrors = createContext<TreeErrors>({});

/** The messages of an answer that are about the tree sent as member `conditions`. */
export function treeErrors(error: unknown, member = '/conditions'): TreeErrors {
  if (!error) return {};
  const found: Record<string, string> = {};
  for (const { path, message } of toProblem(error).errors) {
    if (path !== member && !path.startsWith(`${member}/`)) continue;
    const at = path.slice(member.length);
    found[at] = found[at] === undefined ? message : `${found[at]} ${message}`;
  }
  return found;
}

/** The messages about a row or about something in it. */
export const errorsAt = (errors: TreeErrors, pointer: string): string[] =>
  Object.entries(errors)
    .filter(([at]) => at === pointer || at.startsWith(`${pointer}/`))
    .map(([, message]) => message);
