import { html, type SafeHtml } from '@remix-run/html-template'
import type { DrawnToken } from '../../accounts/replace-token.ts'
import { copyButton } from '../layout/copy-button.ts'
import { form } from '../layout/form.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'

/**
 * Renders the page with a drawn token, to copy and then to activate.
 *
 * @param field The hidden field with the token, sealed.
 */
export function drawnTokenPage(view: View, { token }: DrawnToken, field: SafeHtml): Page {
  const { say } = view
  const title = say('account.new_token')
  const content = html`${field}
<p>${say('account.activate_hint')}</p>
<p class="buttons"><button class="danger">${say('account.activate')}</button></p>`
  return {
    title,
    path: undefined,
    main: html`<h1>${title}</h1>
<p class="lead">${say('account.new_token_hint')}</p>
<section class="card">
<p class="value"><code id="token" dir="ltr">${token}</code> ${copyButton(view, 'token', { label: 'account.copy', className: 'primary' })}</p>
${form(view, { action: '/account/token/activate' }, content)}
</section>`,
  }
}
