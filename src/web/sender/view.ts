import { html } from '@remix-run/html-template'
import { form, formError } from '../layout/form.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'
import { type FilledForm, senderFields, showsField } from './fields.ts'

/** Renders the page with the form that creates a secret. An error without a field is shown above the form. */
export function senderPage(view: View, filled: FilledForm): Page {
  const { say } = view
  const { options, error } = filled
  const content = html`${formError(error && !showsField(options, error) ? error.text : undefined)}
${senderFields(view, filled)}
<p class="buttons"><button class="primary">${say('create.submit')}</button>
<button class="quiet" name="generate" value="yes" formnovalidate>${say('create.generate')}</button></p>`
  return {
    title: say('create.title'),
    path: '/',
    main: html`<h1>${say('create.title')}</h1>
<p class="lead">${say('create.lead')}</p>
${form(view, { action: '/', className: 'card' }, content)}`,
  }
}

/** Renders the page for anonymous callers of a server where only accounts can create secrets. */
export function accountsOnlyPage({ say, base }: View): Page {
  return {
    title: say('create.title'),
    path: '/',
    main: html`<h1>${say('create.title')}</h1>
<p class="lead">${say('create.closed')}</p>
<p class="buttons"><a class="button primary" href="${base}/signin">${say('nav.signin')}</a></p>`,
  }
}
