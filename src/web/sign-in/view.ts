import { html } from '@remix-run/html-template'
import { draftButton } from '../layout/draft.ts'
import { concealedField, field } from '../layout/field.ts'
import { form, formError } from '../layout/form.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'
import { type Draft, draftFields } from '../sender/draft.ts'
import { RETURN_FIELD, START_PATH, signInPath } from './return-path.ts'

const FORM_ID = 'signin'

/** The content after a failed sign-in, or in place of a page that requires an account. */
interface SignInAttempt {
  /** Email address or ur name, as typed. */
  readonly email?: string
  readonly error?: string
  /** What has been done, though nobody is signed in. */
  readonly notice?: string
  /** The path that the sign-in leads back to, below the base path; the start page by default. */
  readonly returnPath?: string
  /** The secret that is being written, which is kept. */
  readonly draft?: Draft | undefined
}

/** Renders the sign-in page. */
export function signInPage(
  view: View,
  { email = '', error, notice, returnPath = START_PATH, draft }: SignInAttempt = {},
): Page {
  const { say } = view
  const content = html`${formError(error)}${draft === undefined ? '' : draftFields(draft)}
${returnPath === START_PATH ? '' : html`<input type="hidden" name="${RETURN_FIELD}" value="${returnPath}">`}
${field(
  { id: 'email', label: say('signin.email') },
  (attributes) =>
    html`<input inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false" dir="ltr" required value="${email}" ${attributes}>`,
)}
${concealedField(view, { id: 'token', label: say('signin.token') }, html`autocomplete="current-password" dir="ltr" required`)}
<p class="buttons"><button class="primary">${say('signin.title')}</button>
${draft === undefined ? '' : draftButton(view, { className: 'quiet' }, say('signin.back'))}</p>`
  return {
    title: say('signin.title'),
    path: signInPath(returnPath),
    kept: draft && { id: FORM_ID, step: 'sign-in' },
    main: html`<h1>${say('signin.title')}</h1>
${notice === undefined ? '' : html`<p class="info" role="status">${notice}</p>`}
<p class="lead">${say('signin.lead')}${draft === undefined ? '' : ` ${say('signin.kept')}`}</p>
${form(view, { action: '/signin', id: FORM_ID, className: 'card narrow' }, content)}`,
  }
}
