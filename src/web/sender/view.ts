import { html } from '@remix-run/html-template'
import type { View } from '../context.ts'
import { alert, field, form, hiddenField } from '../layout/form.ts'
import type { Page } from '../layout/layout.ts'
import { span } from '../layout/times.ts'

/** What the sender may choose from. */
export interface SenderOptions {
  /** Seconds, shortest first. */
  readonly lifetimes: readonly number[]
  /** The greatest size of a message, in bytes. */
  readonly maxBytes: number
  readonly mail: boolean
  /** Hosts that the link may be made on, the site's own first. */
  readonly domains: readonly string[]
}

/** What the sender has written and chosen. */
export interface SenderForm {
  readonly secret: string
  readonly passphrase: string
  /** Seconds. */
  readonly ttl: number
  readonly recipient: string
  readonly shareDomain: string
}

/** What is wrong with the form: of one of its fields, or as a whole. */
export interface SenderFault {
  readonly field?: 'secret' | 'passphrase' | 'recipient' | 'share_domain' | undefined
  readonly text: string
}

/** The page on which messages are written. */
export function senderPage(
  view: View,
  options: SenderOptions,
  values: SenderForm,
  fault?: SenderFault,
): Page {
  const { say, locale } = view
  const optional = say('form.optional')
  const { maxBytes } = options
  const choosesDomain = options.domains.length > 1
  const shown = new Set([
    'secret',
    'passphrase',
    options.mail && 'recipient',
    choosesDomain && 'share_domain',
  ])
  const errorOf = (name: SenderFault['field']) => (fault?.field === name ? fault?.text : undefined)
  const fields = html`
${alert(fault?.field !== undefined && shown.has(fault.field) ? undefined : fault?.text)}
${field(
  { id: 'secret', label: say('create.message'), error: errorOf('secret') },
  (
    attributes,
  ) => html`<textarea rows="7" dir="auto" autocomplete="off" spellcheck="false" required ${attributes}>
${values.secret}</textarea>
<p class="counter" hidden data-count="secret" data-max="${maxBytes}" data-text="${say('create.size', { used: '{used}', max: '{max}' })}"></p>`,
)}
<div class="columns">
${hiddenField(
  view,
  {
    id: 'passphrase',
    label: say('create.passphrase'),
    optional,
    hint: say('create.passphrase_hint'),
    error: errorOf('passphrase'),
  },
  html`autocomplete="new-password" value="${values.passphrase}"`,
)}
${field(
  { id: 'ttl', label: say('create.lifetime') },
  (attributes) =>
    html`<select ${attributes}>${options.lifetimes.map(
      (seconds) =>
        html`<option value="${seconds}" ${seconds === values.ttl ? html`selected` : ''}>${span(locale, seconds)}</option>`,
    )}</select>`,
)}
</div>
${
  options.mail
    ? field(
        {
          id: 'recipient',
          label: say('create.recipient'),
          optional,
          hint: say('create.recipient_hint'),
          error: errorOf('recipient'),
        },
        (attributes) =>
          html`<input type="email" multiple autocomplete="off" dir="ltr" value="${values.recipient}" ${attributes}>`,
      )
    : ''
}
${
  choosesDomain
    ? field(
        { id: 'share_domain', label: say('create.domain'), error: errorOf('share_domain') },
        (attributes) =>
          html`<select ${attributes}>${options.domains.map(
            (domain) =>
              html`<option ${domain === values.shareDomain ? html`selected` : ''}>${domain}</option>`,
          )}</select>`,
      )
    : ''
}
<p class="buttons"><button class="primary">${say('create.submit')}</button>
<button class="quiet" name="generate" value="yes" formnovalidate>${say('create.generate')}</button></p>`
  return {
    title: say('create.title'),
    path: '/',
    main: html`<h1>${say('create.title')}</h1>
<p class="lead">${say('create.lead')}</p>
${form(view, '/', fields, { className: 'card' })}`,
  }
}

/** What strangers see where only accounts create messages. */
export function closedPage({ say, base }: View): Page {
  return {
    title: say('create.title'),
    path: '/',
    main: html`<h1>${say('create.title')}</h1>
<p class="lead">${say('create.closed')}</p>
<p class="buttons"><a class="button primary" href="${base}/signin">${say('nav.signin')}</a></p>`,
  }
}
