import type { RedisAddress } from '../../redis-url.ts'
import type { TlsFiles } from './tls.ts'

// OpenSSL names the alert of the other side between the places in its source.
const OPENSSL = /^.*SSL routines:[^:]*:([^:]+):.*$/s

// What Redis says at length of the greeting of ioredis.
const HELLO = /NOAUTH HELLO must be called.*$/s

/** What a hint depends on. */
interface Connection {
  readonly address: RedisAddress
  readonly tlsFiles: TlsFiles
  /** Whether it is a sentinel that could not be reached. */
  readonly toSentinel: boolean
}

/** A kind of failure, and its usual cause with what mends it. */
type Rule = readonly [reason: RegExp, hint: (connection: Connection) => string | undefined]

const RULES: readonly Rule[] = [
  [
    /\bNOAUTH\b/,
    ({ toSentinel }) =>
      toSentinel
        ? 'the sentinels ask for a password of their own: `sentinelPassword`, with `sentinelUser` if they have users'
        : 'REDIS_URL has no password: write it before the host, as in `redis://:password@host` or `redis://user:password@host`',
  ],
  [
    /\bWRONGPASS\b/,
    ({ toSentinel }) =>
      `${toSentinel ? '`sentinelUser` or `sentinelPassword`' : 'user or password in REDIS_URL'} is wrong; special characters in them must be percent-encoded, as \`@\` is \`%40\``,
  ],
  [/\bNOPERM\b/, () => 'the user of REDIS_URL may not do that: docker/users.acl has the rules that it needs'],
  [
    /^ERR This instance has cluster support disabled/,
    () => 'that is one server: its address begins with redis://',
  ],
  [/unknown command .SENTINEL/i, () => 'that is a Redis and not a sentinel, whose usual port is 26379'],
  [/^ERR DB index/, () => 'REDIS_URL ends with the number of a database that this Redis does not have'],
  [/^connect ENOENT /, () => 'there is no such socket: is Redis running, and is that its `unixsocket`?'],
  [
    /^connect (EACCES|EPERM) /,
    ({ address }) =>
      address.form === 'socket'
        ? `this process, user ${process.geteuid?.()} and group ${process.getegid?.()}, may not use the socket: set \`unixsocketperm 770\`, and add this user to the group of Redis`
        : undefined,
  ],
  [
    /ECONNREFUSED/,
    ({ address, toSentinel }) =>
      address.form === 'socket'
        ? 'nobody listens there any more: is Redis running?'
        : `is ${toSentinel ? 'the sentinel' : 'Redis'} running, and listening at that address and port?`,
  ],
  [/ENOTFOUND|EAI_AGAIN/, () => 'REDIS_URL names a host that DNS does not know from here'],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, () => 'is the address right, and does a firewall let it through?'],
  [/does not match certificate's altnames/, () => 'REDIS_URL must name the host as its certificate does'],
  [
    /certificate has expired/,
    () => 'renew the certificate of Redis, or set the clock of this machine if it is wrong',
  ],
  [/certificate is not yet valid/, () => 'is the clock of this machine right?'],
  [
    /self-signed certificate|unable to (get|verify)/,
    ({ tlsFiles }) =>
      tlsFiles.ca === undefined
        ? 'REDIS_TLS_CA can name the authority'
        : 'the file of REDIS_TLS_CA does not have the authority of this certificate, and no other is trusted',
  ],
  [
    /wrong version number|packet length too long|not ready to serve/,
    ({ address }) =>
      address.tls ? 'if the port does not expect TLS, the address begins with redis' : undefined,
  ],
  [
    /ECONNRESET|closed the connection|disconnected before|SSL alert|Protocol error/,
    ({ address, tlsFiles }) => hintAtTls(address.tls, tlsFiles.cert),
  ],
]

/**
 * Adds to the reason for a failed connection its usual cause and what mends it, if it is a known one.
 *
 * @param message The reason, as Redis, Node.js or ioredis says it.
 */
export function hintAtCause(message: string, address: RedisAddress, tlsFiles: TlsFiles): string {
  const connection = { address, tlsFiles, toSentinel: / connect to sentinel /.test(message) }
  const hint = RULES.find(([reason]) => reason.test(message))?.[1](connection)
  const reason = message.replace(OPENSSL, 'TLS failed: $1').replace(HELLO, 'NOAUTH Authentication required')
  return hint === undefined ? reason : `${reason.replace(/\.$/, '')}: ${hint}`
}

function hintAtTls(tls: boolean, cert: string | undefined): string {
  if (!tls) return 'if the port expects TLS, the address begins with rediss'
  return cert === undefined
    ? 'if Redis requires a certificate of clients, REDIS_TLS_CERT and REDIS_TLS_KEY name one'
    : 'Redis may not accept the certificate of REDIS_TLS_CERT'
}
