import { html, type SafeHtml } from '@remix-run/html-template'
import type { Receipt } from '../../secrets/receipt.ts'
import { after } from '../../time.ts'
import type { Page } from '../layout/page.ts'
import { dateTime } from '../layout/times.ts'
import type { View } from '../request-view.ts'

/** Renders the list of secrets that an account created in the last 30 days. */
export function recentPage(view: View, receipts: readonly Receipt[]): Page {
  const { say } = view
  return {
    title: say('recent.title'),
    path: '/recent',
    main: html`<h1>${say('recent.title')}</h1>
${receipts.length === 0 ? html`<p class="lead">${say('recent.empty')}</p>` : recentTable(view, receipts)}`,
  }
}

function recentTable(view: View, receipts: readonly Receipt[]): SafeHtml {
  const { say } = view
  return html`<p class="lead">${say('recent.lead')}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${say('recent.title')}"><table>
<thead><tr><th scope="col">${say('receipt.created')}</th><th scope="col">${say('recent.state')}</th><th scope="col">${say('receipt.expires')}</th><th scope="col">${say('receipt.recipient')}</th></tr></thead>
<tbody>${receipts.map((receipt) => recentRow(view, receipt))}</tbody>
</table></div>`
}

function recentRow(view: View, { receiptKey, created, ttl, state, recipients }: Receipt): SafeHtml {
  const { say, base } = view
  const shown = state === 'viewed' ? 'new' : state
  return html`<tr>
<th scope="row"><a href="${base}/private/${receiptKey}">${dateTime(view, created)}</a></th>
<td><span class="state ${shown}">${say(`recent.state_${shown}`)}</span></td>
<td>${dateTime(view, after(created, ttl))}</td>
<td>${recipients.map((address) => html`<bdi>${address}</bdi> `)}</td>
</tr>`
}
