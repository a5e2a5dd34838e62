import { canonicalEmail, isEmailAddress } from '../accounts/email-address.ts'
import { acceptToken, TOKEN_FAULTS } from '../accounts/token-strength.ts'
import type { Token } from '../accounts/tokens.ts'
import { canonicalHost } from '../host.ts'
import { parseRedisUrl } from '../redis-url.ts'
import { listOf, Rejection, type ValueType } from './value-types.ts'

const ROOT_KEY_BYTES = 32

/** An account in the `ACCOUNTS` setting. */
export interface ConfiguredAccount {
  /** As written in the setting, not canonical. */
  readonly email: string
  /** At least 16 visible ASCII characters. */
  readonly token: Token
}

/** A mailbox (RFC 5322), without comments or quoting. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

/** Root keys of 32 bytes, newest first. */
export const rootKeys = listOf(
  '32 random bytes as 64 hexadecimal digits or as base64; older keys follow it, separated by commas',
  (text) => {
    const key = /^[0-9a-f]{64}$/i.test(text)
      ? Buffer.from(text, 'hex')
      : Buffer.from(/^[\w+/-]{43}=?$/.test(text) ? text : '', 'base64')
    if (key.length !== ROOT_KEY_BYTES)
      throw new Rejection('is malformed; `openssl rand -hex 32` generates a key')
    if (isPredictable(key))
      throw new Rejection('follows a pattern; `openssl rand -hex 32` generates a random key')
    return key
  },
  ['bytes', (key) => key.toString('hex')],
)

/**
 * Tells whether a key is obviously not random: bytes that repeat, that count up or down, or that are readable text. Fewer
 * than one in 10^10 random keys match.
 */
function isPredictable(key: Buffer): boolean {
  const steps = new Set(key.subarray(1).map((byte, index) => byte - (key[index] ?? 0)))
  const readable = key.every((byte) => byte >= 0x20 && byte < 0x7f)
  return new Set(key).size <= ROOT_KEY_BYTES / 2 || steps.size === 1 || readable
}

/** Site secrets of another server. They may contain any characters but line breaks, so they are on lines of their own. */
export const siteSecrets: ValueType<readonly string[]> = {
  accepts: 'the site secret, character by character; older ones follow it, each on a line of its own',
  parse: (text) => {
    const lines = text.split(/\r?\n/)
    if (lines.includes('')) throw new Rejection('has an empty line')
    return lines
  },
}

/** Accounts and their API tokens. */
export const accounts = listOf(
  '`email:token` entries separated by commas, each token of at least 16 visible random characters, better 32',
  (text): ConfiguredAccount => {
    const colon = text.indexOf(':')
    const email = text.slice(0, Math.max(colon, 0))
    if (!isEmailAddress(email)) throw new Rejection('does not begin with an email address and a colon')
    const accepted = acceptToken(text.slice(colon + 1), email)
    if (typeof accepted === 'string') throw new Rejection(`has a token that ${TOKEN_FAULTS[accepted]}`)
    return { email, token: accepted.token }
  },
  ['email address', ({ email }) => canonicalEmail(email)],
)

/** `Name <address>`, or the address alone. */
export const mailbox: ValueType<Mailbox> = {
  accepts: 'an email address with a dot in its domain, or `Name <address>`',
  parse: (text) => {
    const [, name = '', address = text] = /^([^<>"\p{Cc}]+?) <([^<>]+)>$/u.exec(text) ?? []
    if (!isEmailAddress(address)) throw new Rejection()
    return { name, address }
  },
}

/** The address of Redis, as text: each store that is opened on it parses it. */
export const redisUrl: ValueType<string> = {
  accepts:
    '`redis://user:password@host:port/db`, `unix:///run/redis/redis.sock?db=0`, `redis+cluster://host,host` or `redis+sentinel://host,host/master`, with user and password percent-encoded; `rediss` instead of `redis` for TLS, `?replicas=N` at the end to wait until N replicas have confirmed each write, `sentinelUser` and `sentinelPassword` if the sentinels have their own',
  parse: (text) => {
    if (/\s/.test(text)) throw new Rejection('contains a blank or a line break')
    try {
      parseRedisUrl(text)
    } catch (error) {
      if (error instanceof TypeError) throw new Rejection(error.message)
      throw error
    }
    return text
  },
}

/** The address of the SMTP server that sends the emails. */
export const smtpUrl: ValueType<string> = {
  accepts:
    '`smtp://user:password@host:port` or `smtps://…`; user and port are optional, and so is `?tls=required` or `?tls=off` at the end',
  parse: (text) => {
    if (!/^smtps?:\/\/\S+$/.test(text) || !URL.canParse(text)) throw new Rejection()
    const { protocol, hostname, pathname, search, hash, username, password } = new URL(text)
    if (hostname === '') throw new Rejection('has no host')
    // URL accepts any host in an address of this scheme.
    if (canonicalHost(decoded(hostname) ?? '') === undefined) throw new Rejection('has a malformed host')
    if (!/^\/?$/.test(pathname) || hash !== '') throw new Rejection('has a path or fragment')
    if (!/^(\?tls=(required|off))?$/.test(search)) throw new Rejection('has an unknown option')
    if (protocol === 'smtps:' && search === '?tls=off') throw new Rejection('asks for TLS and for none')
    if ([username, password].some((part) => decoded(part) === undefined))
      throw new Rejection('has a user or password with an unencoded percent sign')
    return text
  },
}

// Returns the text: a call whose result nobody uses is left out of the bundle, because the bundler believes that it never throws.
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
