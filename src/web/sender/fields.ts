import { html, type SafeHtml } from '@remix-run/html-template'
import type { MessageKey } from '../../i18n/catalog.ts'
import { MAX_PASSPHRASE_BYTES } from '../../secrets/new-secret.ts'
import { concealedField, field } from '../layout/field.ts'
import { duration } from '../layout/times.ts'
import type { View } from '../request-view.ts'
import type { SenderError } from './error.ts'
import type { FilledForm } from './filled-form.ts'
import { OPENED_FOR_FIELD } from './opened-for.ts'
import type { SenderOptions } from './options.ts'
import { copyField } from './partly-sent.ts'
import { passwordFields } from './password-fields.ts'

type FieldName = NonNullable<SenderError['field']>

/** Renders the fields of the form, each with its error. */
export function senderFields(view: View, filled: FilledForm): SafeHtml {
  const { email, domains } = filled.options
  return html`<input type="hidden" name="${OPENED_FOR_FIELD}" value="${filled.openedFor}">
${email ? copyField() : ''}
${secretField(view, filled)}
${passwordFields(view, filled)}
<div class="columns">
${passphraseField(view, filled)}
${lifetimeField(view, filled)}
</div>
${email ? recipientField(view, filled) : ''}
${tellSender(view, filled)}
${domains.length > 1 ? domainField(view, filled) : ''}`
}

/** Tells whether the form has the field of an error, which depends on its options. */
export function showsField({ email, domains }: SenderOptions, { field }: SenderError): boolean {
  if (field === 'recipient') return email
  if (field === 'share_domain') return domains.length > 1
  return field !== undefined
}

function errorOf({ error }: FilledForm, name: FieldName): string | undefined {
  return error?.field === name ? error.text : undefined
}

// Not `maxlength`: browsers would cut off a pasted text without a word.
function byteLimit({ say }: View, error: MessageKey, limit: number): SafeHtml {
  return html`data-max-bytes="${limit}" data-too-long="${say(error, { limit })}"`
}

function secretField(view: View, filled: FilledForm): SafeHtml {
  const { say } = view
  const { values, options } = filled
  const size = say('create.size', { used: '{used}', max: '{max}' })
  return field(
    { id: 'secret', label: say('create.secret'), error: errorOf(filled, 'secret') },
    (
      attributes,
    ) => html`<textarea rows="7" dir="auto" autocomplete="off" spellcheck="false" required ${byteLimit(view, 'error.secret_too_large', options.maxBytes)} ${attributes}>
${values.secret}</textarea>
<p class="counter" hidden data-count="secret" data-max="${options.maxBytes}" data-text="${size}"></p>`,
  )
}

function passphraseField(view: View, filled: FilledForm): SafeHtml {
  const { say } = view
  const passphrase = {
    id: 'passphrase',
    label: say('create.passphrase'),
    optional: say('form.optional'),
    hint: say('create.passphrase_hint'),
    error: errorOf(filled, 'passphrase'),
  }
  return concealedField(
    view,
    passphrase,
    html`autocomplete="new-password" value="${filled.values.passphrase}" ${byteLimit(view, 'error.passphrase_too_large', MAX_PASSPHRASE_BYTES)}`,
  )
}

function lifetimeField({ say, locale }: View, { options, values }: FilledForm): SafeHtml {
  return field(
    { id: 'ttl', label: say('create.lifetime') },
    (attributes) =>
      html`<select ${attributes}>${options.lifetimes.map(
        (lifetime) =>
          html`<option value="${lifetime}" ${lifetime === values.ttl ? html`selected` : ''}>${duration(locale, lifetime)}</option>`,
      )}</select>`,
  )
}

function recipientField({ say }: View, filled: FilledForm): SafeHtml {
  const recipient = {
    id: 'recipient',
    label: say('create.recipient'),
    optional: say('form.optional'),
    hint: say('create.recipient_hint'),
    error: errorOf(filled, 'recipient'),
  }
  return field(
    recipient,
    (attributes) =>
      html`<input type="email" multiple autocomplete="off" dir="ltr" value="${filled.values.recipient}" ${attributes}>`,
  )
}

// A sender who is signed out keeps the choice, but it names no address.
function tellSender(view: View, filled: FilledForm): SafeHtml {
  if (view.account !== undefined) return tellSenderField(view, view.account, filled)
  return html`${filled.values.tellsSender ? html`<input type="hidden" name="tell_sender" value="yes">` : ''}`
}

function tellSenderField({ say }: View, email: string, { values }: FilledForm): SafeHtml {
  return html`<div class="field">
<label class="choice"><input type="checkbox" name="tell_sender" value="yes" aria-describedby="tell_sender-hint" ${
    values.tellsSender ? html`checked` : ''
  }> ${say('create.tell_sender')}</label>
<p class="hint" id="tell_sender-hint">${say('create.tell_sender_hint', { email })}</p>
</div>`
}

function domainField({ say }: View, filled: FilledForm): SafeHtml {
  const { options, values } = filled
  return field(
    { id: 'share_domain', label: say('create.share_domain'), error: errorOf(filled, 'share_domain') },
    (attributes) =>
      html`<select ${attributes}>${options.domains.map(
        (domain) => html`<option ${domain === values.shareDomain ? html`selected` : ''}>${domain}</option>`,
      )}</select>`,
  )
}
