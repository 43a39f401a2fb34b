/** Gives the keyboard to a card of the canvas, or to its row in the outline. */
export function focusCard(id: string | null) {
  if (id === null) return;
  const key = CSS.escape(id);
  document.querySelector<HTMLElement>(`[data-card="${key}"], [data-row="${key}"]`)?.focus();
}
