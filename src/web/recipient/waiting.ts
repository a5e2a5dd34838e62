import { html, type SafeHtml } from '@remix-run/html-template'
import type { SecretKey } from '../../secrets/keys.ts'
import type { Milliseconds } from '../../time.ts'
import { concealedField } from '../layout/field.ts'
import { form, formError } from '../layout/form.ts'
import type { Page } from '../layout/page.ts'
import { dateTime } from '../layout/times.ts'
import type { View } from '../request-view.ts'

/** The content of the page before a reveal. */
export interface WaitingSecret {
  readonly secretKey: SecretKey
  readonly passphraseRequired: boolean
  readonly expires: Milliseconds
  /** The sender's email address, if the sender chose to tell the recipient. */
  readonly sender?: string | undefined
  /** Why the last request did not reveal the secret: at the passphrase, or above the form. */
  readonly error?: { readonly at: 'passphrase' | 'form'; readonly text: string | SafeHtml }
}

/** Renders the page with the button that reveals a secret. */
export function waitingPage(view: View, waiting: WaitingSecret): Page {
  const { say } = view
  const { secretKey, passphraseRequired, error } = waiting
  const path = `/secret/${secretKey}`
  const passphrase = {
    id: 'passphrase',
    label: say('reveal.passphrase'),
    hint: say('reveal.passphrase_hint'),
    error: error?.at === 'passphrase' ? error.text : undefined,
  }
  const inPlace = { busy: say('reveal.busy'), lost: say('reveal.lost') }
  const content = html`${formError(error?.at === 'form' ? error.text : undefined)}
${passphraseRequired ? concealedField(view, passphrase, html`autocomplete="off" required`) : ''}
<p class="buttons"><button class="primary">${say('reveal.submit')}</button></p>`
  return {
    title: say('reveal.title'),
    path,
    navigation: 'hidden',
    preview: 'secret',
    main: html`<h1>${say('reveal.title')}</h1>
<p class="lead">${say('reveal.lead')}</p>
${details(view, waiting)}
${form(view, { action: path, className: 'card', inPlace }, content)}
${explanation(view)}`,
  }
}

function details(view: View, { sender, expires }: WaitingSecret): SafeHtml {
  const { say } = view
  return html`<dl>
${
  sender === undefined
    ? ''
    : html`<div class="row"><dt>${say('reveal.sender')}</dt><dd><bdi>${sender}</bdi></dd></div>`
}
<div class="row"><dt>${say('reveal.expires')}</dt><dd>${dateTime(view, expires)}</dd></div>
</dl>`
}

function explanation({ say, site }: View): SafeHtml {
  return html`<details class="about">
<summary>${say('reveal.about')}</summary>
<p>${say('reveal.about_what', { site: site.name })}</p>
<p>${say('reveal.about_safe')}</p>
</details>`
}
