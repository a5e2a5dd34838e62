import { html } from '@remix-run/html-template'
import { concealedField, field } from '../layout/field.ts'
import { form, formError } from '../layout/form.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'

/** The content after a failed sign-in, or in place of a page that requires an account. */
interface SignInAttempt {
  readonly email?: string
  readonly error?: string
}

/** Renders the sign-in page. */
export function signInPage(view: View, { email = '', error }: SignInAttempt = {}): Page {
  const { say } = view
  const content = html`${formError(error)}
${field(
  { id: 'email', label: say('signin.email') },
  (attributes) =>
    html`<input inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false" dir="ltr" required value="${email}" ${attributes}>`,
)}
${concealedField(view, { id: 'token', label: say('signin.token') }, html`autocomplete="current-password" dir="ltr" required`)}
<p class="buttons"><button class="primary">${say('signin.title')}</button></p>`
  return {
    title: say('signin.title'),
    path: '/signin',
    main: html`<h1>${say('signin.title')}</h1>
<p class="lead">${say('signin.lead')}</p>
${form(view, { action: '/signin', className: 'card narrow' }, content)}`,
  }
}
