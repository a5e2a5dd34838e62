import { html } from '@remix-run/html-template'
import type { Receipt } from '../../secrets/receipt.ts'
import type { View } from '../context.ts'
import { alert, field, form, hiddenField } from '../layout/form.ts'
import type { Page } from '../layout/layout.ts'
import { when } from '../layout/times.ts'

/** The page on which an account signs in. */
export function signInPage(view: View, email: string, fault?: string): Page {
  const { say } = view
  const content = html`${alert(fault)}
${field(
  { id: 'email', label: say('signin.email') },
  (attributes) =>
    html`<input type="email" autocomplete="username" dir="ltr" required value="${email}" ${attributes}>`,
)}
${hiddenField(view, { id: 'token', label: say('signin.token') }, html`autocomplete="current-password" dir="ltr" required`)}
<p class="buttons"><button class="primary">${say('signin.title')}</button></p>`
  return {
    title: say('signin.title'),
    path: '/signin',
    main: html`<h1>${say('signin.title')}</h1>
<p class="lead">${say('signin.lead')}</p>
${form(view, '/signin', content, { className: 'card narrow' })}`,
  }
}

/** The page that lists what an account has created lately. */
export function recentPage(view: View, list: readonly Receipt[]): Page {
  const { say } = view
  return {
    title: say('recent.title'),
    path: '/recent',
    main: html`<h1>${say('recent.title')}</h1>
${list.length === 0 ? html`<p class="lead">${say('recent.empty')}</p>` : recentTable(view, list)}`,
  }
}

function recentTable(view: View, list: readonly Receipt[]) {
  const { say, base } = view
  return html`<p class="lead">${say('recent.lead')}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${say('recent.title')}"><table>
<thead><tr><th scope="col">${say('receipt.created')}</th><th scope="col">${say('recent.state')}</th><th scope="col">${say('receipt.until')}</th><th scope="col">${say('receipt.recipient')}</th></tr></thead>
<tbody>${list.map(({ receiptKey, created, ttl, state, recipients }) => {
    const shown = state === 'viewed' ? 'new' : state
    return html`<tr>
<th scope="row"><a href="${base}/private/${receiptKey}">${when(view, created)}</a></th>
<td><span class="state ${shown}">${say(`recent.state_${shown}`)}</span></td>
<td>${when(view, created + ttl * 1000)}</td>
<td>${recipients.map((address) => html`<bdi>${address}</bdi> `)}</td>
</tr>`
  })}</tbody>
</table></div>`
}
