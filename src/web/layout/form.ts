import { html, type SafeHtml } from '@remix-run/html-template'
import { CSRF_FIELD } from '../../http/csrf.ts'
import type { View } from '../request-view.ts'

/** How a form is sent. */
export interface Form {
  /** The path that receives the form, below the base path. */
  readonly action: string
  /** For buttons outside the form. */
  readonly id?: string
  readonly className?: string
  /** The texts of a form that the script sends in place; without the script, it is sent normally. */
  readonly inPlace?: { readonly busy: string; readonly lost: string }
}

/** Renders a form with its CSRF token around its fields and buttons. */
export function form(view: View, { action, id, className, inPlace }: Form, content: SafeHtml): SafeHtml {
  return html`<form method="post" action="${view.base}${action}" ${id ? html`id="${id}"` : ''} ${className ? html`class="${className}"` : ''} ${
    inPlace ? html`data-in-place data-busy="${inPlace.busy}" data-lost="${inPlace.lost}"` : ''
  }>
<input type="hidden" name="${CSRF_FIELD}" value="${view.csrfToken(action)}">
${content}
</form>`
}

/** Renders an error about the whole form; nothing for undefined. */
export function formError(text: string | SafeHtml | undefined): SafeHtml {
  return html`${text === undefined ? '' : html`<p class="alert" role="alert">${text}</p>`}`
}
