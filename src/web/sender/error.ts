import type { DomainError, ErrorCode } from '../../errors.ts'
import { errorText } from '../error/text.ts'
import type { View } from '../request-view.ts'

/** What is wrong with the form: with one of its fields, or as a whole. */
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

/** Returns what is wrong with the form, in the reader's language. */
export function senderError(view: View, error: DomainError): SenderError {
  return { field: FIELD_OF[error.code], text: errorText(view, error) }
}
