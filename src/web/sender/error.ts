import type { ErrorCode } from '../../errors.ts'
import type { FormFailure } from '../error/form-failure.ts'

/** An error of the form: of one field, or of the whole form. */
export interface SenderError {
  readonly field?: 'secret' | 'passphrase' | 'recipient' | 'share_domain' | 'password_characters' | undefined
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

/** Finds the field of the form that a failure is about. */
export function senderError({ code, text }: FormFailure): SenderError {
  return { field: code && FIELD_OF[code], text }
}
