import { html, type SafeHtml } from '@remix-run/html-template'
import type { View } from '../request-view.ts'
import { draftButton, type KeptForm } from './draft.ts'
import { form } from './form.ts'

/** Renders the links in the header, and the sign-out button. */
export function navigation(view: View, kept: KeptForm | undefined): SafeHtml {
  const { base, account, say } = view
  return html`<nav aria-label="${say('nav.main')}">
<a href="${base}/">${say('nav.new')}</a>
${
  account === undefined
    ? signIn(view, kept)
    : html`<a href="${base}/recent">${say('nav.recent')}</a>
<a href="${base}/account">${say('nav.account')}</a>
${form(view, { action: '/signout' }, html`<button class="link" title="${account}">${say('nav.signout')}</button>`)}`
}
</nav>`
}

function signIn(view: View, kept: KeptForm | undefined): SafeHtml {
  const text = view.say('nav.signin')
  if (kept === undefined) return html`<a href="${view.base}/signin">${text}</a>`
  return draftButton(view, { step: 'sign-in', form: kept.id, className: 'link' }, text)
}
