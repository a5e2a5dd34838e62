import { enhance } from './enhance.ts'

/** Sends a form and shows the response in this page, so that reloading does not send the form again. */
export async function sendInPlace(form: HTMLFormElement): Promise<void> {
  try {
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]))
    const response = await fetch(form.action, { method: 'POST', body })
    show(new DOMParser().parseFromString(await response.text(), 'text/html'))
  } catch {
    showAlert(form, form.dataset['lost'] ?? '')
  }
}

function show(received: Document): void {
  const main = received.querySelector('main')
  const footer = received.querySelector('footer')
  if (!main || !footer) throw new Error('not a page of this site')
  document.querySelector('main')?.replaceWith(main)
  document.querySelector('footer')?.replaceWith(footer)
  document.title = received.title
  enhance(main)
  const next = main.querySelector<HTMLElement>('[autofocus]') ?? main
  next.focus()
  scrollTo(0, 0)
}

function showAlert(form: HTMLFormElement, text: string): void {
  const alert = document.createElement('p')
  alert.className = 'alert'
  alert.setAttribute('role', 'alert')
  alert.textContent = text
  form.querySelector('.alert')?.remove()
  form.prepend(alert)
}
