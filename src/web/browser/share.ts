/** Opens the share sheet with the link that an element shows. */
export async function share(button: HTMLElement): Promise<void> {
  const url = document.getElementById(button.dataset['share'] ?? '')?.textContent
  if (!url) return
  try {
    await navigator.share({ url })
  } catch {
    // The sender closed the share sheet, or the system has none. The link can still be copied.
  }
}

/** Shows the buttons that open the share sheet, where the browser has one. */
export function offerShareSheet(root: ParentNode): void {
  if (typeof navigator.share !== 'function') return
  for (const button of root.querySelectorAll<HTMLElement>('[data-share]')) button.hidden = false
}
