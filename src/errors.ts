import type { Seconds } from './time.ts'

type NoDetail = Readonly<Record<never, never>>

/**
 * Every expected failure of the domain, as a closed list, with the details a transport may reveal. It knows no transport:
 * each transport maps these codes to its statuses and messages in one place.
 */
export interface ErrorDetails {
  /**
   * The secret or its receipt does not exist, is no longer available, or the passphrase was wrong: deliberately
   * indistinguishable.
   */
  unknown_secret: NoDetail
  /** A burn was rejected because the passphrase was wrong or missing. */
  incorrect_passphrase: NoDetail
  not_authorized: NoDetail
  /** Only accounts may create secrets on this server. */
  anonymous_creation_off: NoDetail
  /** The receipt is another account's, or an anonymous sender's. */
  not_owner: NoDetail
  nothing_to_share: NoDetail
  /** `limit`: maximum size in bytes. */
  secret_too_large: { readonly limit: number }
  /** `limit`: maximum size in bytes. */
  passphrase_too_large: { readonly limit: number }
  /** `subject`: the address as the client sent it. */
  undeliverable_address: { readonly subject: string }
  /** `limit`: maximum number of recipients. */
  too_many_recipients: { readonly limit: number }
  account_required: NoDetail
  /** `subject`: the domain as the client sent it. */
  unknown_domain: { readonly subject: string }
  /** `subject`: the parameter's name. */
  malformed_parameter: { readonly subject: string }
  /** A value of this length is not generated. `limit`: the bound that it exceeds or falls short of. */
  invalid_length: { readonly limit: number; readonly bound: 'minimum' | 'maximum' }
  /** `limit`: maximum number of keys in one request. */
  too_many_keys: { readonly limit: number }
  /** The request cannot be read. `reason`: what is wrong with it, in English, for the client. */
  malformed_request: { readonly reason: string }
  /** `limit`: maximum size in bytes. */
  body_too_large: { readonly limit: number }
  /** The body is compressed or encoded. `subject`: how, as the client says. */
  unsupported_encoding: { readonly subject: string }
  /** The client expects what the server does not do. `subject`: the Expect header. */
  unsupported_expectation: { readonly subject: string }
  /** No SMTP server is configured, so no email can be sent. */
  email_not_configured: NoDetail
  /** The SMTP server rejected the email or did not respond. */
  email_failed: NoDetail
  /**
   * `retryAfter`: when the next request is accepted. `maxAttempts`: how many passphrase attempts one client network has,
   * when those are limited, not requests.
   */
  rate_limited: { readonly retryAfter: Seconds; readonly maxAttempts?: number }
  /**
   * The store cannot be reached or rejects writes. Nothing was changed, or the outcome is unknown. `reason`: why it can be
   * reached and rejects writes all the same, if that is so.
   */
  store_unavailable: { readonly reason?: 'too_few_replicas' }
  /** The queue of passphrases to hash is full. `retryAfter`: when to try again. */
  overloaded: { readonly retryAfter: Seconds }
  shutting_down: NoDetail
  /** The client disconnected before its request was processed. Nothing was changed. */
  client_disconnected: NoDetail
  /** The key ring lacks the root key that sealed last. `subject`: its id. */
  missing_root_key: { readonly subject: string }
  /** The settings lack the site secret that an imported secret was encrypted with. Nothing was changed, and no attempt counts. */
  missing_site_secret: NoDetail
  /** A stored record fails its checks: damaged, tampered with, or sealed under a root key that is not in the ring. */
  unreadable_record: NoDetail
}

/** The name of an expected failure. */
export type ErrorCode = keyof ErrorDetails

/** The codes whose errors carry a detail. */
type DetailedCode = { [Code in ErrorCode]: NoDetail extends ErrorDetails[Code] ? never : Code }[ErrorCode]

/** The cause of a failure, for the operator's log only. */
interface Cause {
  readonly cause?: unknown
}

type Arguments<Code extends ErrorCode> = Code extends DetailedCode
  ? [detail: ErrorDetails[Code] & Cause]
  : [detail?: keyof ErrorDetails[Code] extends never ? Cause : ErrorDetails[Code] & Cause]

/** An expected failure. Its message is its code; the transport chooses the words that people read. */
export class DomainError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'DomainError'
  readonly code: Code
  readonly detail: ErrorDetails[Code] & Cause

  /**
   * Creates the error for a code.
   *
   * @param code What went wrong.
   * @param detail What the transport may reveal, and the cause for the log.
   */
  constructor(code: Code, ...[detail]: Arguments<Code>) {
    super(code, detail?.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.detail = (detail ?? {}) as ErrorDetails[Code] & Cause
  }
}
