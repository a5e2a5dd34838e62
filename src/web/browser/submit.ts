import { showBusy } from './busy.ts'
import { sendInPlace } from './send-in-place.ts'
import { whenStopped } from './stopped.ts'

const underWay = new Map<HTMLFormElement, () => void>()

/** Sends each form once: a second click would discard the response to the first, and with it the secret. */
export function watchSubmits(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement)) return
    if (underWay.has(form)) return event.preventDefault()
    underWay.set(form, showBusy(form, event.submitter))
    if (form.dataset['inPlace'] === undefined) return
    event.preventDefault()
    void sendInPlace(form).then(() => end(form))
  })
  addEventListener('pageshow', endAll)
  whenStopped(endAll)
}

// A form that is sent in place ends by itself.
function endAll(): void {
  for (const form of underWay.keys()) {
    if (form.dataset['inPlace'] === undefined) end(form)
  }
}

function end(form: HTMLFormElement): void {
  underWay.get(form)?.()
  underWay.delete(form)
}
