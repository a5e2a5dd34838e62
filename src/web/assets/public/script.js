// Makes the pages more convenient. Every page works without it.

const language = document.documentElement.lang
const status = document.getElementById('status')

/** Shows all times inside an element in the reader's time zone. */
function localizeTimes(root) {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  for (const time of root.querySelectorAll('time')) time.textContent = format.format(new Date(time.dateTime))
}

/** Returns the exact text of an element. If the page offers a file, that has the characters that HTML cannot hold. */
function exactText(id) {
  const file = id === 'revealed' && document.getElementById('file')
  if (!file) return document.getElementById(id).textContent
  const bytes = Uint8Array.from(atob(file.href.split(',')[1]), (character) => character.charCodeAt(0))
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

/** Copies without the clipboard API, which browsers disable on plain http. */
function copyByEvent(text) {
  const fill = (event) => {
    event.clipboardData.setData('text/plain', text)
    event.preventDefault()
  }
  document.addEventListener('copy', fill, { once: true })
  if (!document.execCommand('copy')) throw new Error('not copied')
}

async function copy(button) {
  const { copy: target, done, failed } = button.dataset
  try {
    const text = exactText(target)
    if (navigator.clipboard) await navigator.clipboard.writeText(text)
    else copyByEvent(text)
    say(button, done)
  } catch {
    getSelection().selectAllChildren(document.getElementById(target))
    say(button, failed)
  }
}

/** Shows a text on a button for a moment, and announces it to screen readers. */
function say(button, text) {
  button.dataset.label ??= button.textContent
  button.textContent = text
  status.textContent = text
  clearTimeout(button.timer)
  button.timer = setTimeout(() => {
    button.textContent = button.dataset.label
    status.textContent = ''
  }, 2500)
}

function toggle(button) {
  const input = document.getElementById(button.dataset.show)
  const label = button.firstElementChild
  input.type = input.type === 'password' ? 'text' : 'password'
  ;[label.textContent, button.dataset.other] = [button.dataset.other, label.textContent]
}

/** Shows how many bytes a text area uses, once that is half of the maximum. */
function count(counter) {
  const area = document.getElementById(counter.dataset.count)
  const max = Number(counter.dataset.max)
  const number = new Intl.NumberFormat(language)
  const update = () => {
    const used = new TextEncoder().encode(area.value).length
    counter.textContent = counter.dataset.text
      .replace('{used}', number.format(used))
      .replace('{max}', number.format(max))
    counter.hidden = used < max * 0.5
    counter.classList.toggle('over', used > max)
  }
  area.addEventListener('input', update)
  update()
}

/** Sends a form and shows the response in this page, so that reloading does not send the form again. */
async function sendInPlace(form) {
  const button = form.querySelector('button.primary')
  const label = button.textContent
  button.textContent = form.dataset.busy
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
    })
    show(new DOMParser().parseFromString(await response.text(), 'text/html'))
  } catch {
    button.textContent = label
    const notice = document.createElement('p')
    notice.className = 'alert'
    notice.setAttribute('role', 'alert')
    notice.textContent = form.dataset.lost
    form.querySelector('.alert')?.remove()
    form.prepend(notice)
  }
}

function show(received) {
  const main = received.querySelector('main')
  if (!main) throw new Error('not a page of this site')
  document.querySelector('main').replaceWith(main)
  document.querySelector('footer').replaceWith(received.querySelector('footer'))
  document.title = received.title
  enhance(main)
  const next = main.querySelector('[autofocus]') ?? main
  next.focus()
  scrollTo(0, 0)
}

function enhance(root) {
  localizeTimes(root)
  for (const button of root.querySelectorAll('[data-copy], [data-show]')) button.hidden = false
  for (const counter of root.querySelectorAll('[data-count]')) count(counter)
}

document.addEventListener('click', ({ target }) => {
  const button = target.closest('button')
  if (button?.dataset.copy) void copy(button)
  if (button?.dataset.show) toggle(button)
})

// A second click would discard the response to the first, and with it the secret.
let underWay = new WeakSet()
document.addEventListener('submit', async (event) => {
  const form = event.target
  if (underWay.has(form)) return event.preventDefault()
  underWay.add(form)
  if (form.dataset.inPlace === undefined) return
  event.preventDefault()
  await sendInPlace(form)
  underWay.delete(form)
})

// A page restored from the browser's cache must not show the secret again. Text typed into a form is kept.
addEventListener('pagehide', () => document.getElementById('revealed')?.closest('main').replaceChildren())
addEventListener('pageshow', ({ persisted }) => {
  underWay = new WeakSet()
  if (persisted && !document.querySelector('textarea')) location.reload()
})

enhance(document)
