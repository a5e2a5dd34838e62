import { html, type SafeHtml } from '@remix-run/html-template'
import { draftButton } from '../layout/draft.ts'
import { form, formError } from '../layout/form.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'
import { sentAlready } from '../sent/view.ts'
import { senderFields, showsField } from './fields.ts'
import type { FilledForm } from './filled-form.ts'

const FORM_ID = 'share'

/** Renders the page with the form that creates a secret. A notice, and an error without a field, stand above the form. */
export function senderPage(view: View, filled: FilledForm): Page {
  const { say } = view
  const { options, error, notice, sent } = filled
  const content = html`${formError(notice)}${formError(error && !showsField(options, error) ? error.text : undefined)}
${senderFields(view, filled)}
<p class="buttons">${buttons(view, filled)}</p>`
  return {
    title: say('create.title'),
    path: '/',
    kept: { id: FORM_ID },
    main: html`<h1>${say('create.title')}</h1>
<p class="lead">${say('create.lead')}</p>
${sent === undefined ? '' : sentAlready(view, sent)}
${form(view, { action: '/', id: FORM_ID, className: 'card' }, content)}`,
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

function buttons(view: View, { required }: FilledForm): SafeHtml {
  const { say } = view
  if (required === undefined) return html`<button class="primary">${say('create.submit')}</button>`
  return html`${draftButton(view, { step: 'sign-in', className: 'primary' }, say('nav.signin'))}
${required === 'sign in' ? '' : draftButton(view, { step: 'anonymous', className: 'quiet' }, say('create.without_account'))}`
}
