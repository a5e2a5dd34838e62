import { html, type SafeHtml } from '@remix-run/html-template'
import type { View } from '../request-view.ts'
import { form } from './form.ts'

/** Renders the links in the header, and the sign-out button. */
export function navigation(view: View): SafeHtml {
  const { base, account, say } = view
  return html`<nav aria-label="${say('nav.main')}">
${
  account === undefined
    ? html`<a href="${base}/signin">${say('nav.signin')}</a>`
    : html`<a href="${base}/">${say('nav.new')}</a>
<a href="${base}/recent">${say('nav.recent')}</a>
${form(view, { action: '/signout' }, html`<button class="link" title="${account}">${say('nav.signout')}</button>`)}`
}
</nav>`
}
