/** Whether the last thing a person did was a key, not the pointer: what opens then takes the keyboard along. */
export const lastInput = { wasKey: false };

addEventListener('keydown', () => (lastInput.wasKey = true), { capture: true, passive: true });
addEventListener('pointerdown', () => (lastInput.wasKey = false), { capture: true, passive: true });
