import { allActions } from './pageActions';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys as people know them: `⌘ K`, `Ctrl K`, `G then C`. */
export function keysText(keys: string): string {
  const chord = (part: string) =>
    part
      .split('+')
      .map((k) =>
        k === 'mod' ? (isMac ? '⌘' : 'Ctrl') : k.length === 1 ? k.toUpperCase() : k[0]?.toUpperCase() + k.slice(1),
      )
      .join(' ');
  return keys.split(' ').map(chord).join(' then ');
}

/** `mod+shift+k`, `g`, `?`, `enter`; shift is named only where it does not change the character. */
export function eventKey(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const shift = event.shiftKey && (key.length > 1 || /[a-z]/.test(key));
  return `${mod ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${shift ? 'shift+' : ''}${key}`;
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !/^(checkbox|radio|button)$/.test(target.getAttribute('type') ?? '');

const inDialog = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest('[role=dialog],[role=menu],[role=listbox]') !== null;

/** How long the second key of `g c` may take, in milliseconds. */
const sequenceTime = 1200;

/** Single keys can be switched off in the profile (WCAG 2.1.4). */
export const singleKeys = {
  get on() {
    return localStorage.getItem('millrace.single_keys') !== 'off';
  },
  set on(value: boolean) {
    localStorage.setItem('millrace.single_keys', value ? 'on' : 'off');
  },
};

/** One listener for every registered action. Returns what takes it off again. */
export function listenForShortcuts(): () => void {
  let first = '';
  let at = 0;
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || /^(Shift|Control|Alt|Meta)$/.test(event.key)) return;
    const key = eventKey(event);
    const single = !key.includes('mod+') && !key.includes('alt+');
    if (single && (typing(event.target) || inDialog(event.target) || !singleKeys.on)) return;
    const sequence = first !== '' && event.timeStamp - at < sequenceTime ? `${first} ${key}` : key;
    first = '';
    const actions = allActions().filter(
      (a) => a.keys !== undefined && a.disabledReason === undefined && a.local !== true,
    );
    // The page registered last wins over the shell.
    const action = actions.findLast((a) => a.keys === sequence) ?? actions.findLast((a) => a.keys === key);
    if (action) {
      event.preventDefault();
      action.run();
    } else if (actions.some((a) => a.keys?.startsWith(`${key} `))) {
      first = key;
      at = event.timeStamp;
    }
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
