const SHOWN_MS = 2500
const reverts = new WeakMap<HTMLElement, ReturnType<typeof setTimeout>>()

/** Announces a text to screen readers. */
export function announce(text: string): void {
  const status = document.getElementById('status')
  if (status) status.textContent = text
}

/** Shows a text on a button for a moment, in place of its first part if it has several, and announces it. */
export function showOn(button: HTMLElement, text: string): void {
  const shown = button.firstElementChild ?? button
  button.dataset['label'] ??= shown.textContent
  shown.textContent = text
  announce(text)
  clearTimeout(reverts.get(button))
  const revert = () => {
    shown.textContent = button.dataset['label'] ?? ''
    announce('')
  }
  reverts.set(button, setTimeout(revert, SHOWN_MS))
}
