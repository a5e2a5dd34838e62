import { html, type SafeHtml } from '@remix-run/html-template'
import type { Receipt } from '../../secrets/receipt.ts'
import { concealedField } from '../layout/field.ts'
import { form } from '../layout/form.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'
import { entryName } from './entry.ts'
import { type RecentQuery, recentPath } from './query.ts'
import { keepQuery } from './view.ts'

/** A selected secret, and what became of it. */
export interface SelectedSecret {
  readonly receipt: Receipt
  readonly outcome: BurnOutcome
}

/** What became of a selected secret. */
export type BurnOutcome =
  /** Not burned yet. `error`: why the last try failed. */
  | { readonly kind: 'waiting'; readonly error?: string }
  | { readonly kind: 'burned' }
  /** It had been revealed or burned, or had expired. */
  | { readonly kind: 'gone' }

/** Returns the name of the field with the passphrase of a secret. */
export function passphraseField({ receiptKey }: Receipt): string {
  return `passphrase-${receiptKey}`
}

/** Renders the page that asks before the selected secrets are burned. */
export function confirmBurnPage(view: View, selected: readonly SelectedSecret[], query: RecentQuery): Page {
  const { say } = view
  const count = selected.filter(isWaiting).length
  const title = say('recent.burn_count', { count })
  return burnPage(view, title, html`<p class="lead">${say('recent.burn_hint')}</p>`, selected, query)
}

/** Renders what became of each selected secret, and asks again for those that were not burned. */
export function burnedPage(view: View, selected: readonly SelectedSecret[], query: RecentQuery): Page {
  const count = selected.filter(({ outcome }) => outcome.kind === 'burned').length
  return burnPage(view, view.say('recent.burned_count', { count }), html``, selected, query)
}

function isWaiting({ outcome }: SelectedSecret): boolean {
  return outcome.kind === 'waiting'
}

function burnPage(
  view: View,
  title: string,
  lead: SafeHtml,
  selected: readonly SelectedSecret[],
  query: RecentQuery,
): Page {
  const { say, base } = view
  const waiting = selected.filter(isWaiting)
  const back = html`<a class="button quiet" href="${base}${recentPath(query)}">${say('recent.back')}</a>`
  return {
    title,
    path: recentPath(query),
    main: html`<h1>${title}</h1>
${lead}
${endedList(view, selected)}
${waiting.length === 0 ? html`<p class="buttons">${back}</p>` : burnForm(view, waiting, query, back)}`,
  }
}

function endedList(view: View, selected: readonly SelectedSecret[]): SafeHtml {
  const items = selected.map(({ receipt, outcome }) =>
    outcome.kind === 'waiting' ? '' : endedItem(view, receipt, outcome.kind),
  )
  return html`${selected.every(isWaiting) ? '' : html`<ul class="entries" role="list">${items}</ul>`}`
}

function burnForm(
  view: View,
  waiting: readonly SelectedSecret[],
  query: RecentQuery,
  back: SafeHtml,
): SafeHtml {
  const { say } = view
  const content = html`${keepQuery(query)}
<input type="hidden" name="confirmed" value="yes">
<ul class="entries" role="list">${waiting.map((each) => waitingItem(view, each))}</ul>
<p class="buttons"><button class="danger">${say('recent.burn_count', { count: waiting.length })}</button> ${back}</p>`
  return form(view, { action: '/recent/burn' }, content)
}

function waitingItem(view: View, { receipt, outcome }: SelectedSecret): SafeHtml {
  const { say } = view
  const error = outcome.kind === 'waiting' ? outcome.error : undefined
  const passphrase = {
    id: passphraseField(receipt),
    label: say('receipt.passphrase'),
    hint: say('recent.burn_passphrase_hint'),
    error,
  }
  return html`<li><div>
<h2>${entryName(receipt)}</h2>
<input type="hidden" name="key" value="${receipt.receiptKey}">
${
  receipt.passphraseRequired
    ? concealedField(view, passphrase, html`autocomplete="off"`)
    : error && html`<p class="error">${error}</p>`
}
</div></li>`
}

function endedItem({ say }: View, receipt: Receipt, kind: 'burned' | 'gone'): SafeHtml {
  const [symbol, text] =
    kind === 'burned' ? ['✕', say('recent.state_burned')] : ['!', say('recent.burn_gone')]
  return html`<li><div><h2>${entryName(receipt)}</h2>
<p><span><span aria-hidden="true">${symbol}</span> ${text}</span></p></div></li>`
}
