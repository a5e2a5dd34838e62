import { html, type SafeHtml } from '@remix-run/html-template'
import type { Account } from '../../accounts/authenticate.ts'
import { urNameOf } from '../../accounts/ur-name.ts'
import { form, formError } from '../layout/form.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'
import type { Notice } from './notice.ts'

/** The content of the account page. */
interface AccountView {
  readonly account: Account
  /** Whether the account comes from the `ACCOUNTS` setting. */
  readonly configured: boolean
  readonly notice?: Notice | undefined
  readonly error?: string
}

/** Renders the page of an account: its names, and the forms that replace its API token and end its other sessions. */
export function accountPage(view: View, { account, configured, notice, error }: AccountView): Page {
  const { say } = view
  return {
    title: say('account.title'),
    path: '/account',
    main: html`<h1>${say('account.title')}</h1>
${formError(error)}${notice ? html`<p class="info" role="status">${say(`account.${notice}`)}</p>` : ''}
<dl>
<div class="row"><dt>${say('account.email')}</dt><dd><bdi>${account.email}</bdi></dd></div>
<div class="row"><dt>${say('account.name')}</dt><dd><code dir="ltr">${urNameOf(account.email)}</code>
<p class="hint">${say('account.name_hint')}</p></dd></div>
</dl>
<section aria-labelledby="token-title">
<h2 id="token-title">${say('signin.token')}</h2>
<p class="hint">${say('account.token_hint')}</p>
${configured ? html`<p class="info">${say('account.configured')}</p>` : replaceForm(view)}
</section>
${sessionsForm(view)}`,
  }
}

function replaceForm(view: View): SafeHtml {
  const { say } = view
  const content = html`<p>${say('account.replace_hint')}</p>
<p class="buttons"><button class="quiet">${say('account.replace')}</button></p>`
  return form(view, { action: '/account/token' }, content)
}

function sessionsForm(view: View): SafeHtml {
  const { say } = view
  const content = html`<h2>${say('account.sessions')}</h2>
<p class="hint">${say('account.sessions_hint')}</p>
<p class="buttons"><button class="quiet">${say('account.sessions_submit')}</button></p>`
  return form(view, { action: '/account/sessions' }, content)
}
