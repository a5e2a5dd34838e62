import { whenStopped } from './stopped.ts'

/** The fields whose text would be missed. */
const TYPED = ['secret', 'passphrase', 'recipient']

/** Asks before the sender leaves a page with text that was not sent. */
export function guardTypedText(): void {
  const form = document.querySelector<HTMLInputElement>('[name=opened_for]')?.form
  if (!form) return
  const ask = (event: BeforeUnloadEvent) => {
    event.preventDefault()
    // Chromium before 119 and Safari ask only for this.
    event.returnValue = true
  }
  // A listener that never asks would still keep the page out of the browser's page cache.
  const update = () => {
    const typed = TYPED.some((name) => new FormData(form).getAll(name).some((value) => value !== ''))
    if (typed) addEventListener('beforeunload', ask)
    else removeEventListener('beforeunload', ask)
  }
  form.addEventListener('input', update)
  form.addEventListener('submit', () => removeEventListener('beforeunload', ask))
  addEventListener('pageshow', update)
  whenStopped(update)
}
