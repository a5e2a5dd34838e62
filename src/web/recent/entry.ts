import { html, type SafeHtml } from '@remix-run/html-template'
import type { ReceiptKey } from '../../secrets/keys.ts'
import type { Receipt } from '../../secrets/receipt.ts'
import { type ShownState, shownState } from '../layout/shown-state.ts'
import { dateTime, timeLeft } from '../layout/times.ts'
import type { View } from '../request-view.ts'

const SHORT_KEY_LENGTH = 8

/** Text characters, which no font shows as pictures. */
const SYMBOLS: Readonly<Record<ShownState, string>> = {
  new: '●',
  received: '✓',
  burned: '✕',
  expired: '–',
  orphaned: '!',
}

/** Renders what a list calls a secret: its note, if it has one, and the first characters of its receipt key. */
export function entryName({ receiptKey, memo }: Receipt): SafeHtml {
  const short = html`<code>${shortKey(receiptKey)}</code>`
  return memo === undefined ? short : html`<bdi>${memo}</bdi> ${short}`
}

/**
 * Renders an entry of the list.
 *
 * @param link The secret link, while the secret is available.
 * @param index Distinguishes the entries of a page.
 */
export function recentEntry(view: View, receipt: Receipt, link: string | undefined, index: number): SafeHtml {
  const { base } = view
  const { receiptKey } = receipt
  return html`<li>
${link === undefined ? '' : html`<input type="checkbox" name="key" value="${receiptKey}" aria-labelledby="e${index}">`}
<div>
<h2 id="e${index}"><a href="${base}/private/${receiptKey}">${entryName(receipt)}</a></h2>
${facts(view, receipt)}
</div>
${link === undefined ? '' : copyLink(view, receipt, link)}
</li>`
}

function shortKey(receiptKey: ReceiptKey): string {
  return receiptKey.slice(0, SHORT_KEY_LENGTH)
}

function facts(
  view: View,
  { created, updated, state, secretTtl, recipients, passphraseRequired }: Receipt,
): SafeHtml {
  const { say, locale } = view
  const shown = shownState(state)
  return html`<p><span class="state ${shown}"><span aria-hidden="true">${SYMBOLS[shown]}</span> ${say(`recent.state_${shown}`)}</span> ${
    secretTtl === undefined
      ? dateTime(view, updated)
      : html`<span>${say('recent.expires', { time: timeLeft(locale, secretTtl) })}</span>`
  }${
    secretTtl !== undefined && passphraseRequired
      ? html` <span>${say('receipt.passphrase')}: ${say('receipt.passphrase_yes')}</span>`
      : ''
  }</p>
<p class="hint"><span>${say('receipt.created')} ${dateTime(view, created)}</span>${
    recipients.length === 0
      ? ''
      : html` <span>${say('receipt.recipient')} ${recipients.map((address) => html`<bdi>${address}</bdi> `)}</span>`
  }</p>`
}

// The list holds the texts that the button shows afterwards.
function copyLink({ say }: View, { receiptKey }: Receipt, link: string): SafeHtml {
  return html`<div><code dir="ltr" hidden>${link}</code><button type="button" class="quiet" hidden data-copy=""><span>${say('receipt.copy')}</span> <span class="visually-hidden">${shortKey(receiptKey)}</span></button></div>`
}
