import { html, type SafeHtml } from '@remix-run/html-template'
import type { SecretKey } from '../../secrets/keys.ts'
import { copyButton } from '../layout/copy-button.ts'
import { concealedField } from '../layout/field.ts'
import { form } from '../layout/form.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'

const LONG_CHARACTERS = 1000
const FEW_ATTEMPTS = 3

/** The content of the page before a reveal. */
interface WaitingSecret {
  readonly secretKey: SecretKey
  readonly passphraseRequired: boolean
  /** The passphrase attempt that was just rejected. */
  readonly rejected?: RejectedAttempt
}

/** A passphrase attempt that failed. */
interface RejectedAttempt {
  /** How many attempts this client has left before a pause. Shown only when they are few. */
  readonly attemptsLeft?: number
}

/** Renders the page with the button that reveals a secret. */
export function waitingPage(view: View, { secretKey, passphraseRequired, rejected }: WaitingSecret): Page {
  const { say } = view
  const path = `/secret/${secretKey}`
  const passphrase = {
    id: 'passphrase',
    label: say('reveal.passphrase'),
    hint: say('reveal.passphrase_hint'),
    error: rejected && rejectionText(view, rejected),
  }
  const inPlace = { busy: say('reveal.busy'), lost: say('reveal.lost') }
  const content = html`${passphraseRequired ? concealedField(view, passphrase, html`autocomplete="off" required`) : ''}
<p class="buttons"><button class="primary">${say('reveal.submit')}</button></p>`
  return {
    title: say('reveal.title'),
    path,
    navigation: 'hidden',
    main: html`<h1>${say('reveal.title')}</h1>
<p class="lead">${say('reveal.lead')}</p>
${form(view, { action: path, className: 'card', inPlace }, content)}`,
  }
}

function rejectionText({ say }: View, { attemptsLeft }: RejectedAttempt): string {
  const wrong = say('reveal.wrong_passphrase')
  if (attemptsLeft === undefined || attemptsLeft > FEW_ATTEMPTS) return wrong
  return `${wrong} ${say('reveal.attempts_left', { count: attemptsLeft })}`
}

/** Renders a revealed secret. This page is sent only once. */
export function revealedPage(view: View, value: string): Page {
  const { say } = view
  const offersFile = value.length > LONG_CHARACTERS || value.includes('\0')
  return {
    title: say('reveal.revealed'),
    path: undefined,
    navigation: 'hidden',
    main: html`<h1>${say('reveal.revealed')}</h1>
<p class="lead">${say('reveal.gone')}</p>
<details class="card secret" open>
<summary><span class="when-open">${say('form.hide')}</span><span class="when-closed">${say('form.show')}</span></summary>
<pre id="revealed" dir="auto" tabindex="0" role="region" aria-label="${say('reveal.text')}">
${markupOf(value)}</pre>
</details>
<p class="buttons">${copyButton(view, 'revealed', 'primary')}
${offersFile ? html`<a class="button quiet" id="file" download="secret.txt" href="${dataUrlOf(value)}">${say('reveal.download')}</a>` : ''}</p>`,
  }
}

// A browser would turn a bare carriage return into a newline, so it is escaped. It would drop a NUL, so that is shown as its
// symbol, and kept in the file.
function markupOf(value: string): SafeHtml[] {
  const lines = value.replaceAll('\0', '␀').split('\r')
  return lines.map((line, index) => html`${index === 0 ? '' : html`&#13;`}${line}`)
}

function dataUrlOf(value: string): string {
  return `data:text/plain;charset=utf-8;base64,${Buffer.from(value).toString('base64')}`
}
