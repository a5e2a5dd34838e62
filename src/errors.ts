/**
 * Everything that can go wrong in the domain, as a closed list. Knows no transport: one place per transport
 * maps these codes to statuses and words.
 */
export type ErrorCode =
  /** The secret or its metadata does not exist, is gone, or the passphrase was wrong: told apart on purpose nowhere. */
  | 'unknown_secret'
  /** A burn was refused because the passphrase was wrong or missing. */
  | 'incorrect_passphrase'
  | 'not_authorized'
  | 'nothing_to_share'
  /** `limit`: the greatest size in bytes. */
  | 'secret_too_large'
  /** `limit`: the greatest size in bytes. */
  | 'passphrase_too_large'
  /** `subject`: the address as it was given. */
  | 'undeliverable_address'
  /** `limit`: the greatest number of recipients. */
  | 'too_many_recipients'
  | 'account_required'
  /** `subject`: the domain as it was given. */
  | 'unknown_domain'
  /** `subject`: the parameter's name. */
  | 'malformed_parameter'
  /** The request as a whole cannot be read. */
  | 'malformed_request'
  /** No SMTP server is configured, so no mail can be sent. */
  | 'mail_not_configured'
  /** The SMTP server refused the mail or did not answer. */
  | 'mail_failed'
  /** `retryAfter`: seconds. */
  | 'rate_limited'
  /** The store cannot be reached or refuses writes; nothing was changed, or the outcome is not known. */
  | 'store_unavailable'
  /** More work is queued than can be done soon. */
  | 'overloaded'
  | 'shutting_down'
  /** The client hung up before its request was carried out; nothing was changed. */
  | 'client_gone'
  /** A stored record fails its checks: damaged, tampered with, or sealed under a root key that is not in the ring. */
  | 'unreadable_record'

export interface ErrorDetail {
  readonly limit?: number
  readonly subject?: string
  readonly retryAfter?: number
  readonly cause?: unknown
}

/** An expected failure. Its message is its code: what a person reads is chosen by the transport. */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: ErrorCode
  readonly detail: ErrorDetail

  /**
   * @param code What went wrong.
   * @param detail What the transport may tell; `cause` is for the operator's log only.
   */
  constructor(code: ErrorCode, detail: ErrorDetail = {}) {
    super(code, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.detail = detail
  }
}
