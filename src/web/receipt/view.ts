import { html, type SafeHtml } from '@remix-run/html-template'
import type { MessageKey } from '../../i18n/catalog.ts'
import type { Receipt } from '../../secrets/receipt.ts'
import type { State } from '../../secrets/records.ts'
import type { View } from '../context.ts'
import { copyButton, form, hiddenField } from '../layout/form.ts'
import type { Page } from '../layout/layout.ts'
import { when } from '../layout/times.ts'
import { qrCode } from './qr-code.ts'

type Ended = Exclude<State, 'new' | 'viewed'>

const ENDED_AT = {
  received: 'receipt.opened_at',
  burned: 'receipt.burned_at',
  expired: 'receipt.expired_at',
  orphaned: 'receipt.orphaned_at',
} as const satisfies Record<Ended, MessageKey>

/** What the page shows beside the receipt. */
export interface ReceiptView {
  readonly receipt: Receipt
  /** Unix milliseconds. */
  readonly now: number
  /** Where the recipient opens the message, while that is possible. */
  readonly link: string | undefined
  /** A value that was generated a moment ago. */
  readonly generated?: string | undefined
  /** Why the message was not deleted just now. */
  readonly burnFault?: string | undefined
}

/** The sender's page: the link while it works, what became of the message, and a way to delete it. */
export function receiptPage(view: View, shown: ReceiptView): Page {
  const { say } = view
  const { receipt, link } = shown
  const { state } = receipt
  const title = say(shown.generated === undefined ? titleOf(state) : 'receipt.waiting')
  const lead = say(state === 'new' || state === 'viewed' ? 'receipt.waiting_lead' : `receipt.${state}_lead`)
  return {
    title,
    path: `/private/${receipt.receiptKey}`,
    main: html`<h1>${title}</h1>
<p class="lead">${lead}</p>
${shown.generated === undefined ? '' : generatedCard(view, shown.generated)}
${link === undefined ? '' : linkCard(view, link)}
${link === undefined ? '' : ownPage(view)}
${details(view, shown)}
${link === undefined ? '' : burnForm(view, shown)}`,
  }
}

function titleOf(state: State): MessageKey {
  if (state === 'new') return 'receipt.waiting'
  return state === 'viewed' ? 'receipt.seen' : `receipt.${state}`
}

function generatedCard(view: View, value: string): SafeHtml {
  const { say } = view
  return html`<section class="card" aria-labelledby="generated-title">
<h2 id="generated-title">${say('receipt.generated')}</h2>
<p class="value"><code id="generated" dir="ltr">${value}</code> ${copyButton(view, 'generated', 'quiet')}</p>
<p class="hint">${say('receipt.generated_hint')}</p>
</section>`
}

function linkCard(view: View, link: string): SafeHtml {
  const { say } = view
  return html`<section class="card share" aria-labelledby="link-title">
<div>
<h2 id="link-title">${say('receipt.link')}</h2>
<p class="value"><code id="link" dir="ltr">${link}</code></p>
<p class="buttons">${copyButton(view, 'link')}</p>
<p class="hint">${say('receipt.link_hint')}</p>
</div>
${qrCode(link, say('receipt.qr'))}
</section>`
}

function ownPage({ say }: View): SafeHtml {
  return html`<h2>${say('receipt.own')}</h2>
<p class="hint">${say('receipt.own_hint')}</p>`
}

function details(view: View, { receipt, now }: ReceiptView): SafeHtml {
  const { say } = view
  const { state, created, updated, ttl, receiptTtl, recipients } = receipt
  const waiting = state === 'new' || state === 'viewed'
  const row = (label: MessageKey, content: SafeHtml | string) =>
    html`<div class="row"><dt>${say(label)}</dt><dd>${content}</dd></div>`
  return html`<dl>
${row('receipt.created', when(view, created))}
${waiting ? row('receipt.until', when(view, created + ttl * 1000)) : row(ENDED_AT[state], when(view, updated))}
${row('receipt.passphrase', say(receipt.passphraseRequired ? 'receipt.passphrase_yes' : 'receipt.passphrase_no'))}
${
  recipients.length === 0
    ? ''
    : row('receipt.recipient', html`${recipients.map((address) => html`<bdi>${address}</bdi> `)}`)
}
${row('receipt.kept', when(view, now + receiptTtl * 1000))}
</dl>`
}

function burnForm(view: View, { receipt, burnFault }: ReceiptView): SafeHtml {
  const { say } = view
  const about = { id: 'passphrase', label: say('receipt.passphrase'), error: burnFault }
  const content = html`<p>${say('receipt.burn_hint')}</p>
${receipt.passphraseRequired ? hiddenField(view, about, html`autocomplete="off" required`) : ''}
<p class="buttons"><button class="danger">${say('receipt.burn_submit')}</button></p>`
  return html`<details class="burn" ${burnFault === undefined ? '' : html`open`}>
<summary>${say('receipt.burn')}</summary>
${form(view, `/private/${receipt.receiptKey}/burn`, content)}
</details>`
}
