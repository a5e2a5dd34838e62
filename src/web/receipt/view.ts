import { html, type SafeHtml } from '@remix-run/html-template'
import type { MessageKey } from '../../i18n/catalog.ts'
import { conventionsOf } from '../../i18n/locale.ts'
import { MEMO_MAX_LENGTH } from '../../secrets/edit-memo.ts'
import type { Receipt } from '../../secrets/receipt.ts'
import { isPending } from '../../secrets/states.ts'
import { after, type Milliseconds } from '../../time.ts'
import { listAddresses } from '../layout/addresses.ts'
import { concealedField, field } from '../layout/field.ts'
import { form } from '../layout/form.ts'
import { newSecretButton } from '../layout/new-secret-button.ts'
import type { Page } from '../layout/page.ts'
import { dateTime } from '../layout/times.ts'
import type { View } from '../request-view.ts'
import { linkCard, privacyNote } from './link-card.ts'

/** The content of the receipt page. */
export interface ReceiptView {
  readonly receipt: Receipt
  /** Whether the visitor is signed in to the account that created the secret. */
  readonly owned: boolean
  readonly now: Milliseconds
  /** The secret link, while the secret is available. */
  readonly link: string | undefined
  /** Failed passphrase attempts, while the secret is available. */
  readonly failedAttempts: number
  /** The error of a failed burn. */
  readonly burnError?: string
}

/** Renders the sender's page: the state of the secret and, while it is available, its link and a form that burns it. */
export function receiptPage(view: View, shown: ReceiptView): Page {
  const { receipt, link } = shown
  const title = titleOf(view, receipt)
  return {
    title,
    path: `/private/${receipt.receiptKey}`,
    main: html`<h1>${title}</h1>
<p class="lead">${leadOf(view, receipt)}</p>
${
  link === undefined
    ? ''
    : html`${linkCard(view, receipt, link)}
${privacyNote(view)}`
}
${details(view, shown)}
${shown.owned ? memoForm(view, receipt) : ''}
${shown.failedAttempts === 0 ? '' : attemptsForm(view, shown)}
${link === undefined ? newSecretButton(view) : burnForm(view, shown)}`,
  }
}

function titleOf({ say }: View, { state, recipients }: Receipt): string {
  return say(state === 'new' && recipients.length > 0 ? 'receipt.sent' : `receipt.${state}`)
}

function leadOf(view: View, { state, recipients }: Receipt): string {
  const { say } = view
  if (!isPending(state)) return say(`receipt.${state}_lead`)
  if (recipients.length === 0) return say('receipt.available_lead')
  return say('receipt.sent_lead', { recipients: listAddresses(view, recipients) })
}

function details(view: View, { receipt, now }: ReceiptView): SafeHtml {
  const { say } = view
  const { state, created, updated, ttl, receiptTtl, recipients, passphraseRequired } = receipt
  const row = (label: MessageKey, content: SafeHtml | string) =>
    html`<div class="row"><dt>${say(label)}</dt><dd>${content}</dd></div>`
  return html`<dl>
${row('receipt.created', dateTime(view, created))}
${
  isPending(state)
    ? row('receipt.expires', dateTime(view, after(created, ttl)))
    : row(`receipt.${state}_at`, dateTime(view, updated))
}
${row('receipt.passphrase', say(passphraseRequired ? 'receipt.passphrase_yes' : 'receipt.passphrase_no'))}
${
  recipients.length === 0
    ? ''
    : row('receipt.recipient', html`${recipients.map((address) => html`<bdi>${address}</bdi> `)}`)
}
${row('receipt.receipt_expires', dateTime(view, after(now, receiptTtl)))}
</dl>`
}

function memoForm(view: View, { receiptKey, memo = '' }: Receipt): SafeHtml {
  const { say } = view
  const content = html`${field(
    { id: 'memo', label: say('receipt.memo'), hint: say('receipt.memo_hint') },
    (attributes) =>
      html`<input maxlength="${MEMO_MAX_LENGTH}" dir="auto" autocomplete="off" value="${memo}" ${attributes}>`,
  )}
<p class="buttons"><button class="quiet">${say('receipt.memo_save')}</button></p>`
  return form(view, { action: `/private/${receiptKey}/memo` }, content)
}

function attemptsForm(view: View, { receipt: { receiptKey }, failedAttempts }: ReceiptView): SafeHtml {
  const { say, locale } = view
  const count = new Intl.NumberFormat(conventionsOf(locale)).format(failedAttempts)
  const content = html`<h2>${say('receipt.attempts')}: ${count}</h2>
<p class="hint">${say('receipt.attempts_hint')}</p>
<p class="buttons"><button class="quiet">${say('receipt.attempts_clear')}</button></p>`
  return form(view, { action: `/private/${receiptKey}/attempts` }, content)
}

function burnForm(
  view: View,
  { receipt: { receiptKey, passphraseRequired }, burnError }: ReceiptView,
): SafeHtml {
  const { say } = view
  const passphrase = { id: 'passphrase', label: say('receipt.passphrase'), error: burnError }
  const content = html`<p>${say('receipt.burn_hint')}</p>
${passphraseRequired ? concealedField(view, passphrase, html`autocomplete="off" required`) : ''}
<p class="buttons"><button class="danger">${say('receipt.burn_submit')}</button></p>`
  return html`<details class="burn" ${burnError === undefined ? '' : html`open`}>
<summary>${say('receipt.burn')}</summary>
${form(view, { action: `/private/${receiptKey}/burn` }, content)}
</details>`
}
