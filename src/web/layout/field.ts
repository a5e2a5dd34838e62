import { html, type SafeHtml } from '@remix-run/html-template'
import type { View } from '../request-view.ts'

/** A form field: its label and texts. */
export interface Field {
  /** Also the name of the parameter. */
  readonly id: string
  readonly label: string
  /** The word that marks the field as optional. */
  readonly optional?: string | undefined
  readonly hint?: string | undefined
  readonly error?: string | SafeHtml | undefined
}

/**
 * Renders a field: label, control, error and hint.
 *
 * @param control Renders the control with the attributes that connect it to its label and texts.
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

/**
 * Renders a field for a passphrase or an API token: hidden like a password, with a button that shows it if the script
 * runs.
 *
 * @param attributes Additional attributes of the input.
 */
export function concealedField({ say }: View, concealed: Field, attributes: SafeHtml): SafeHtml {
  const { id, label } = concealed
  return field(
    concealed,
    (
      tied,
    ) => html`<div class="with-button"><input type="password" autocapitalize="none" spellcheck="false" ${tied} ${attributes}>
<button type="button" class="quiet" hidden data-show="${id}" data-other="${say('form.hide')}"><span>${say('form.show')}</span> <span class="visually-hidden">${label}</span></button></div>`,
  )
}
