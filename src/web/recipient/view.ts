import { html, type SafeHtml } from '@remix-run/html-template'
import type { Peeked } from '../../secrets/peek.ts'
import type { View } from '../context.ts'
import { alert, copyButton, form, hiddenField } from '../layout/form.ts'
import type { Page } from '../layout/layout.ts'

const LONG_CHARACTERS = 1000

/** A passphrase that was not the right one. */
export interface WrongAttempt {
  /** Attempts left before the server pauses; shown only when they are few. */
  readonly attemptsLeft?: number
}

const FEW_TRIES = 3

/** The page that says that a message waits, and opens it only when its button is pressed. */
export function waitingPage(
  view: View,
  secretKey: string,
  { passphraseRequired }: Peeked,
  wrong?: WrongAttempt,
): Page {
  const { say } = view
  const path = `/secret/${secretKey}`
  const about = {
    id: 'passphrase',
    label: say('reveal.passphrase'),
    hint: say('reveal.passphrase_hint'),
    error: wrong && wrongText(view, wrong),
  }
  const content = html`${passphraseRequired ? hiddenField(view, about, html`autocomplete="off" required`) : ''}
${alert(undefined)}
<p class="buttons"><button class="primary">${say('reveal.submit')}</button></p>`
  return {
    title: say('reveal.title'),
    path,
    plain: true,
    main: html`<h1>${say('reveal.title')}</h1>
<p class="lead">${say('reveal.lead')}</p>
${form(view, path, content, {
  className: 'card',
  inPlace: { busy: say('reveal.busy'), lost: say('reveal.lost') },
})}`,
  }
}

function wrongText({ say }: View, { attemptsLeft = Number.POSITIVE_INFINITY }: WrongAttempt): string {
  const wrong = say('reveal.wrong')
  return attemptsLeft <= FEW_TRIES ? `${wrong} ${say('reveal.left', { count: attemptsLeft })}` : wrong
}

/** The page that shows a message, the only time that anybody sees it. */
export function openedPage(view: View, value: string): Page {
  const { say } = view
  const asFile = value.length > LONG_CHARACTERS || value.includes('\0')
  return {
    title: say('reveal.opened'),
    path: undefined,
    plain: true,
    main: html`<h1>${say('reveal.opened')}</h1>
<p class="lead">${say('reveal.gone')}</p>
<details class="card message" open>
<summary><span class="when-open">${say('form.hide')}</span><span class="when-closed">${say('form.show')}</span></summary>
<pre id="message" dir="auto" tabindex="0" role="region" aria-label="${say('reveal.text')}">
${asMarkup(value)}</pre>
</details>
<p class="buttons">${copyButton(view, 'message')}
${asFile ? html`<a class="button quiet" id="file" download="message.txt" href="${asDataUrl(value)}">${say('reveal.download')}</a>` : ''}</p>`,
  }
}

/**
 * @returns Text that a browser reads back as it was: it would turn a bare carriage return into a newline, and drop a
 *   NUL, which is shown as its symbol here and is whole in the file.
 */
function asMarkup(value: string): SafeHtml[] {
  const lines = value.replaceAll('\0', '␀').split('\r')
  return lines.map((line, index) => html`${index === 0 ? '' : html`&#13;`}${line}`)
}

function asDataUrl(value: string): string {
  return `data:text/plain;charset=utf-8;base64,${Buffer.from(value).toString('base64')}`
}

/** What everybody sees who comes too late or with a key that never was: these can't be told apart. */
export function gonePage({ say }: View, path?: string): Page {
  return {
    title: say('gone.title'),
    path,
    plain: true,
    main: html`<h1>${say('gone.title')}</h1>
<p class="lead">${say('gone.lead')}</p>`,
  }
}
