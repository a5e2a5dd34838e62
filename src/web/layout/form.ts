import { html, type SafeHtml } from '@remix-run/html-template'
import { CSRF_FIELD } from '../../http/csrf.ts'
import type { View } from '../context.ts'

/** How a form behaves in browsers that run the script. */
export interface FormOptions {
  readonly className?: string
  /** Texts for a form whose answer takes the place of the page's content, without a reload. */
  readonly inPlace?: { readonly busy: string; readonly lost: string }
}

/**
 * @param action The path below the base that it is sent to.
 * @param content Its fields and buttons.
 * @returns A form with its CSRF token.
 */
export function form(view: View, action: string, content: SafeHtml, options: FormOptions = {}): SafeHtml {
  const { className, inPlace } = options
  return html`<form method="post" action="${view.base}${action}" ${className ? html`class="${className}"` : ''} ${
    inPlace ? html`data-in-place data-busy="${inPlace.busy}" data-lost="${inPlace.lost}"` : ''
  }>
<input type="hidden" name="${CSRF_FIELD}" value="${view.token(action)}">
${content}
</form>`
}

/** One field with its label, and what is to be said of it. */
export interface Field {
  readonly id: string
  readonly label: string
  /** Given only for an optional field among others. */
  readonly optional?: string | undefined
  readonly hint?: string | undefined
  readonly error?: string | undefined
}

/**
 * @param control Makes the control itself from the attributes that tie it to its label and its texts.
 * @returns Label, control, hint and error.
 */
export function field(
  { id, label, optional, hint, error }: Field,
  control: (attributes: SafeHtml) => SafeHtml,
): SafeHtml {
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  const attributes = html`id="${id}" name="${id}" ${described ? html`aria-describedby="${described}"` : ''} ${
    error ? html`aria-invalid="true" autofocus` : ''
  }`
  return html`<div class="field">
<label for="${id}">${label}${optional ? html` <span class="optional">${optional}</span>` : ''}</label>
${control(attributes)}
${error ? html`<p class="error" id="${id}-error">${error}</p>` : ''}
${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : ''}
</div>`
}

/** @returns A field for a passphrase or a token, which can be made visible where the script runs. */
export function hiddenField(view: View, about: Field, more: SafeHtml): SafeHtml {
  const { say } = view
  return field(
    about,
    (
      attributes,
    ) => html`<div class="with-button"><input type="password" autocapitalize="none" spellcheck="false" ${attributes} ${more}>
<button type="button" class="quiet" hidden data-show="${about.id}" data-other="${say('form.hide')}"><span>${say('form.show')}</span> <span class="visually-hidden">${about.label}</span></button></div>`,
  )
}

/** @returns A message above a form: what went wrong with it as a whole. */
export function alert(text: string | undefined): SafeHtml {
  return html`${text === undefined ? '' : html`<p class="alert" role="alert">${text}</p>`}`
}

/** @returns A button that copies the text of another element; shown only where the script runs. */
export function copyButton({ say }: View, target: string, className = 'primary'): SafeHtml {
  return html`<button type="button" class="${className}" hidden data-copy="${target}" data-done="${say('form.copied')}" data-failed="${say('form.copy_failed')}">${say('form.copy')}</button>`
}
