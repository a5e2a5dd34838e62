import { sendInPlace } from './send-in-place.ts'

let underWay = new WeakSet<HTMLFormElement>()

/** Sends each form once: a second click would discard the response to the first, and with it the secret. */
export function watchSubmits(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement)) return
    if (underWay.has(form)) return event.preventDefault()
    underWay.add(form)
    if (form.dataset['inPlace'] === undefined) return
    event.preventDefault()
    void sendInPlace(form).then(() => underWay.delete(form))
  })
  addEventListener('pageshow', () => {
    underWay = new WeakSet()
  })
}
