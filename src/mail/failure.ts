import type { NodemailerError } from 'nodemailer/lib/errors'

/** What an SMTP session was doing when it failed. */
export type Phase = 'dns' | 'connect' | 'tls' | 'greeting' | 'login' | 'send'

const DOING: Readonly<Record<Phase, string>> = {
  dns: 'resolving the host',
  connect: 'connecting',
  tls: 'negotiating TLS',
  greeting: 'waiting for the greeting',
  login: 'logging in',
  send: 'sending',
}

const CAUSES = {
  dns: 'the host of SMTP_URL cannot be resolved',
  connection_refused: 'connection refused',
  unreachable: 'the SMTP server is unreachable',
  connection_closed: 'the SMTP server closed the connection',
  connection_rejected: 'the SMTP server rejected the connection',
  certificate_expired: 'the certificate of the SMTP server has expired',
  certificate_self_signed: 'the certificate of the SMTP server is self-signed',
  certificate_other_host: 'the certificate of the SMTP server is for another host',
  certificate_unknown_ca: 'the certificate of the SMTP server is from an unknown authority',
  certificate_invalid: 'the certificate of the SMTP server is invalid',
  tls_not_offered: 'the SMTP server offers no STARTTLS, and a password or an email must not go out in clear',
  tls_expected: 'the port expects TLS from the first byte: use smtps://',
  tls_unknown: 'the port does not speak TLS: use smtp://',
  tls_failed: 'TLS failed',
  not_smtp: 'the port does not speak SMTP',
  greeting_rejected: 'the SMTP server rejected our greeting (EHLO)',
  login_rejected: 'login rejected',
  login_impossible: 'the SMTP server offers no login method that works with SMTP_URL',
  login_required: 'the SMTP server requires a login or TLS',
  sender_rejected: 'sender rejected',
  recipient_rejected: 'recipient rejected',
  message_too_large: 'message too large',
  message_rejected: 'message rejected',
  timeout_dns: 'time-out',
  timeout_connect: 'time-out',
  timeout_tls: 'time-out',
  timeout_greeting: 'time-out',
  timeout_login: 'time-out',
  timeout_send: 'time-out',
  other: 'failed',
} as const

/** Why an email was not accepted: one of a closed list, for the log and for metrics. */
export type FailureReason = keyof typeof CAUSES

/** All reasons, in the order of a session. */
export const FAILURE_REASONS = Object.keys(CAUSES) as readonly FailureReason[]

const BY_CODE: Readonly<Record<string, FailureReason>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ENODATA: 'dns',
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ECONNRESET: 'connection_closed',
  ECONNABORTED: 'connection_closed',
  EPIPE: 'connection_closed',
  ECONNECTION: 'connection_closed',
  CERT_HAS_EXPIRED: 'certificate_expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate_self_signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate_other_host',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate_unknown_ca',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate_unknown_ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate_unknown_ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate_unknown_ca',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls_unknown',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls_unknown',
}

/** An SMTP session that failed. The message names the cause and the server's codes: no host, address or password. */
export class SmtpFailure extends Error {
  override readonly name = 'SmtpFailure'
  readonly reason: FailureReason

  /**
   * Creates the error for a reason.
   *
   * @param codes Of the system or the server, such as `550 5.1.1`.
   */
  constructor(reason: FailureReason, phase: Phase, codes = '') {
    const during = /^(timeout|connection_closed|other)/.test(reason) ? ` while ${DOING[phase]}` : ''
    super(`${CAUSES[reason]}${during}${codes === '' ? '' : ` (${codes})`}`)
    this.reason = reason
  }
}

/** Names the cause of a failed session. Responses are reduced to their codes, because servers quote addresses in them. */
export function explainFailure(error: unknown, phase: Phase): SmtpFailure {
  if (error instanceof SmtpFailure) return error
  const fault = error as NodemailerError
  const reason = fault.responseCode === undefined ? reasonOfFault(fault, phase) : reasonOfResponse(fault)
  return new SmtpFailure(reason, phase, codesOf(fault))
}

function reasonOfResponse(fault: NodemailerError): FailureReason {
  const { code, command = '', responseCode } = fault
  if (code === 'EAUTH') return 'login_rejected'
  if (command === 'STARTTLS') return 'tls_not_offered'
  if (/^(EHLO|HELO)$/.test(command)) return 'greeting_rejected'
  if (code === 'EPROTOCOL') return 'connection_rejected'
  if (responseCode === 421) return 'connection_closed'
  if (responseCode === 530) return 'login_required'
  if (command === 'RCPT TO') return 'recipient_rejected'
  if (responseCode === 552 || /^5\.(3\.4|2\.3)$/.test(enhancedCodeOf(fault) ?? '')) return 'message_too_large'
  return command === 'MAIL FROM' ? 'sender_rejected' : 'message_rejected'
}

function reasonOfFault(fault: NodemailerError, phase: Phase): FailureReason {
  const code = systemCodeOf(fault)
  const known = BY_CODE[code]
  if (known !== undefined) return known
  if (code === 'ETIMEDOUT') return `timeout_${phase}`
  if (code === 'EAUTH') return 'login_impossible'
  if (code === 'EPROTOCOL') return 'not_smtp'
  if (code === 'EMESSAGE') return 'message_too_large'
  // Some versions of Node.js name this fault of OpenSSL in the message only.
  if (/wrong version number|packet length too long/.test(fault.message)) return 'tls_unknown'
  if (phase !== 'tls') return 'other'
  return /CERT/.test(code) ? 'certificate_invalid' : 'tls_failed'
}

function codesOf(fault: NodemailerError): string {
  const codes =
    fault.responseCode === undefined ? [systemCodeOf(fault)] : [fault.responseCode, enhancedCodeOf(fault)]
  return codes.filter((code) => code !== undefined && code !== '').join(' ')
}

/** Returns the code of the system, which nodemailer replaces with its own, or else that. */
function systemCodeOf({ originalCode, code }: NodemailerError): string {
  return originalCode ?? code ?? ''
}

/** Returns the enhanced status code (RFC 3463) of a response, such as `5.1.1`. */
function enhancedCodeOf({ response }: NodemailerError): string | undefined {
  return /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1]
}
