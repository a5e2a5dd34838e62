import type { DomainError, ErrorCode } from '../../errors.ts'
import { errorText } from '../error/text.ts'
import type { View } from '../request-view.ts'

/** An error of the form: of one field, or of the whole form. */
export interface SenderError {
  readonly field?: 'secret' | 'passphrase' | 'recipient' | 'share_domain' | undefined
  readonly text: string
}

const FIELD_OF: Partial<Record<ErrorCode, SenderError['field']>> = {
  nothing_to_share: 'secret',
  secret_too_large: 'secret',
  passphrase_too_large: 'passphrase',
  undeliverable_address: 'recipient',
  too_many_recipients: 'recipient',
  email_not_configured: 'recipient',
  email_failed: 'recipient',
  unknown_domain: 'share_domain',
}

/** Translates a domain error into an error of the form, in the reader's language. */
export function senderError(view: View, error: DomainError): SenderError {
  return { field: FIELD_OF[error.code], text: errorText(view, error) }
}
