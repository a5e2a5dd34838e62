import type { DomainError, ErrorCode } from '../../errors.ts'
import type { InvalidCsrfToken } from '../../http/csrf.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import { type Seconds, seconds } from '../../time.ts'
import { timeUntil } from '../layout/times.ts'
import type { View } from '../request-view.ts'

const SOON = seconds(60)

const TEXTS = {
  unknown_secret: 'gone.lead',
  incorrect_passphrase: 'reveal.wrong_passphrase',
  not_authorized: 'error.not_authorized',
  anonymous_creation_off: 'error.not_authorized',
  not_owner: 'error.not_owner',
  nothing_to_share: 'error.nothing_to_share',
  secret_too_large: 'error.secret_too_large',
  passphrase_too_large: 'error.passphrase_too_large',
  undeliverable_address: 'error.undeliverable_address',
  too_many_recipients: 'error.too_many_recipients',
  account_required: 'error.account_required',
  unknown_domain: 'error.unknown_domain',
  malformed_parameter: 'error.malformed_request',
  invalid_length: 'error.malformed_request',
  too_many_keys: 'error.malformed_request',
  malformed_request: 'error.malformed_request',
  body_too_large: 'error.body_too_large',
  unsupported_encoding: 'error.malformed_request',
  unsupported_expectation: 'error.malformed_request',
  email_not_configured: 'error.email_not_configured',
  email_failed: 'error.email_failed',
  rate_limited: 'error.rate_limited',
  store_unavailable: 'error.unavailable',
  missing_root_key: 'error.unavailable',
  missing_site_secret: 'error.unavailable',
  overloaded: 'error.unavailable',
  shutting_down: 'error.unavailable',
  client_disconnected: 'error.unavailable',
  unreadable_record: 'error.unexpected',
} as const satisfies Record<ErrorCode, MessageKey>

/** The details of errors that the texts use. */
interface ErrorValues {
  readonly limit?: number
  readonly subject?: string
  readonly retryAfter?: Seconds
}

/** Returns the text for an error, in the reader's language. */
export function errorText({ say, locale, requestId }: View, { code, detail }: DomainError): string {
  const { limit = 0, subject = '', retryAfter = SOON } = detail as ErrorValues
  return say(TEXTS[code], { limit, subject, time: timeUntil(locale, retryAfter), id: requestId })
}

/** Returns the text for a rejected form, in the reader's language. */
export function csrfErrorText({ say }: View, { reason }: InvalidCsrfToken): string {
  return say(reason === 'missing_cookie' ? 'error.cookies_needed' : 'error.invalid_csrf_token')
}
