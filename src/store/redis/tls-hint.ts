import type { RedisAddress } from '../../redis-url.ts'
import type { TlsFiles } from './tls.ts'

const UNKNOWN_AUTHORITY = /self-signed certificate|unable to (get|verify)/
const BROKEN_OFF = /ECONNRESET|closed the connection|disconnected before|SSL alert/
const NO_TLS = /wrong version number|packet length too long|not ready to serve/
// OpenSSL names the alert of the other side between the places in its source.
const OPENSSL = /^.*SSL routines:[^:]*:([^:]+):.*$/s

/**
 * Adds to the reason for a failed connection which setting of TLS may be wrong, if it looks like that.
 *
 * @param message The reason, as Node.js or ioredis says it.
 */
export function hintAtTls(message: string, { tls }: RedisAddress, { cert }: TlsFiles): string {
  const hint = hintOf(message, tls, cert)
  const reason = message.replace(OPENSSL, 'TLS failed: $1')
  return hint === undefined ? reason : `${reason}: ${hint}`
}

function hintOf(message: string, tls: boolean, cert: string | undefined): string | undefined {
  if (!tls) {
    const isTls = /ECONNRESET|Protocol error/.test(message)
    return isTls ? 'if the port expects TLS, the address begins with rediss' : undefined
  }
  if (UNKNOWN_AUTHORITY.test(message)) return 'REDIS_TLS_CA can name the authority'
  if (NO_TLS.test(message)) return 'if the port does not expect TLS, the address begins with redis'
  if (!BROKEN_OFF.test(message)) return undefined
  return cert === undefined
    ? 'if Redis requires a certificate of clients, REDIS_TLS_CERT and REDIS_TLS_KEY name one'
    : 'Redis may not accept the certificate of REDIS_TLS_CERT'
}
