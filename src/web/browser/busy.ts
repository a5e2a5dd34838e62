import { announce } from './announce.ts'

/** Shows on the pressed button that a form is on its way, and announces it. Returns a function that ends this. */
export function showBusy(form: HTMLFormElement, submitter: HTMLElement | null): () => void {
  const pressed = submitter?.ariaHidden === 'true' ? null : submitter
  const button = pressed ?? form.querySelector<HTMLElement>('button.primary')
  const text = form.dataset['busy'] ?? document.getElementById('status')?.dataset['busy'] ?? ''
  const label = button?.textContent ?? ''
  button?.setAttribute('aria-busy', 'true')
  // A link in a menu keeps its text, which says where it leads.
  if (button && !button.classList.contains('link')) button.textContent = text
  announce(text)
  return () => {
    button?.removeAttribute('aria-busy')
    if (button) button.textContent = label
    announce('')
  }
}
