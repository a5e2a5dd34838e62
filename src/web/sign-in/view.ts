import { html } from '@remix-run/html-template'
import { concealedField, field } from '../layout/field.ts'
import { form, formError } from '../layout/form.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'

/** What the page shows after a rejected sign-in, or in place of a page for accounts. */
interface SignInAttempt {
  readonly email?: string
  readonly error?: string
}

/** Renders the page on which an account signs in. */
export function signInPage(view: View, { email = '', error }: SignInAttempt = {}): Page {
  const { say } = view
  const content = html`${formError(error)}
${field(
  { id: 'email', label: say('signin.email') },
  (attributes) =>
    html`<input type="email" autocomplete="username" dir="ltr" required value="${email}" ${attributes}>`,
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
