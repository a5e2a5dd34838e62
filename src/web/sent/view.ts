import { html, type SafeHtml } from '@remix-run/html-template'
import type { ReceiptKey } from '../../secrets/keys.ts'
import type { Receipt } from '../../secrets/receipt.ts'
import { newSecretButton } from '../layout/new-secret-button.ts'
import type { Page } from '../layout/page.ts'
import { shownState } from '../layout/shown-state.ts'
import type { View } from '../request-view.ts'

/** A link that was sent, and its place in the order of the form. */
export interface PlacedReceipt {
  readonly place: number
  readonly receipt: Receipt
}

/** A recipient who got a link, and its receipt. */
export interface SentTo {
  readonly address: string
  readonly receiptKey: ReceiptKey
}

/** Renders the page after each of several recipients got a link: what became of each, and its receipt. */
export function sentPage(view: View, sent: readonly PlacedReceipt[]): Page {
  const { say } = view
  return {
    title: say('sent.title'),
    path: '/sent',
    main: html`<h1>${say('sent.title')}</h1>
<p class="lead">${say('sent.lead')}</p>
<ol class="sent">${sent.map((each) => sentItem(view, each))}</ol>
<p class="hint">${say('sent.hint', { recent: say('nav.recent') })}</p>
${newSecretButton(view)}`,
  }
}

/** Renders the recipients who got a link, above a form that is shown again for the others. */
export function sentAlready(view: View, sent: readonly SentTo[]): SafeHtml {
  return html`<section class="card" aria-labelledby="sent-title">
<h2 id="sent-title">${view.say('sent.already')}</h2>
<ul class="sent">${sent.map(
    ({ address, receiptKey }) =>
      html`<li><bdi>${address}</bdi> ${receiptLink(view, receiptKey, address)}</li>`,
  )}</ul>
</section>`
}

function sentItem(view: View, { place, receipt }: PlacedReceipt): SafeHtml {
  const { receiptKey, state, recipients } = receipt
  const [address = ''] = recipients
  const shown = shownState(state)
  return html`<li value="${place}"><bdi>${address}</bdi> <span class="state ${shown}">${view.say(`recent.state_${shown}`)}</span> ${receiptLink(view, receiptKey, address)}</li>`
}

function receiptLink({ say, base }: View, receiptKey: ReceiptKey, address: string): SafeHtml {
  return html`<a href="${base}/private/${receiptKey}">${say('sent.receipt')}<span class="visually-hidden"> <bdi>${address}</bdi></span></a>`
}
