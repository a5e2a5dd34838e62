import { html, type SafeHtml } from '@remix-run/html-template'
import type { View } from '../request-view.ts'

/** A field of a form: its label, and the texts that belong to it. */
export interface Field {
  /** Also its name. */
  readonly id: string
  readonly label: string
  /** The word that marks an optional field among required ones. */
  readonly optional?: string | undefined
  readonly hint?: string | undefined
  readonly error?: string | undefined
}

/**
 * Renders a field: label, control, error and hint.
 *
 * @param control Renders the control with the attributes that tie it to its label and its texts.
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
 * Renders a field for a passphrase or an API token: concealed like a password, with a button that shows it where the
 * script runs.
 *
 * @param attributes Further attributes of the input.
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
