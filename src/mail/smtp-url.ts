import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { isLoopback } from '../host.ts'

/** How the connection to an SMTP server is encrypted. */
export type Encryption =
  /** TLS from the first byte: `smtps://`. */
  | 'tls'
  /** STARTTLS, or no email. */
  | 'starttls'
  /** STARTTLS if the server offers it. */
  | 'opportunistic'
  /** None, whatever the server offers. */
  | 'none'

/** An SMTP server, as `SMTP_URL` names it. */
export interface SmtpServer {
  /** An IP address without brackets, or a domain name in ASCII. */
  readonly host: string
  readonly port: number
  readonly encryption: Encryption
  readonly login: { readonly user: string; readonly pass: string } | undefined
}

const SUBMISSION_PORT = 587
const SUBMISSIONS_PORT = 465

/**
 * Parses the setting `SMTP_URL`, which was validated. A password leaves the machine encrypted only, unless `?tls=off` says
 * otherwise: whoever is between the server and us can strip the offer of STARTTLS.
 */
export function parseSmtpUrl(text: string): SmtpServer {
  const url = new URL(text)
  const host = hostOf(url)
  const secure = url.protocol === 'smtps:'
  const user = decodeURIComponent(url.username)
  const login = user === '' ? undefined : { user, pass: decodeURIComponent(url.password) }
  const port = url.port === '' ? (secure ? SUBMISSIONS_PORT : SUBMISSION_PORT) : Number(url.port)
  if (secure) return { host, port, login, encryption: 'tls' }
  const tls = url.searchParams.get('tls')
  if (tls === 'off') return { host, port, login, encryption: 'none' }
  const required = tls === 'required' || (login !== undefined && !isLoopback(host))
  return { host, port, login, encryption: required ? 'starttls' : 'opportunistic' }
}

/** Returns `host:port` of an SMTP server, for messages. */
export function addressOf({ host, port }: SmtpServer): string {
  return `${host}:${port}`
}

// URLs of this scheme are not normalised: letters beyond ASCII are percent-encoded.
function hostOf({ hostname }: URL): string {
  const bare = decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1')
  return isIP(bare) === 0 ? domainToASCII(bare).replace(/\.$/, '') : bare
}
