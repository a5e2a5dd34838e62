import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'

/** The paths of PEM files for TLS with Redis. Each replaces what Node.js would use by itself. */
export interface TlsFiles {
  /** The certificates of the only authorities to trust. */
  readonly ca?: string | undefined
  /** Our certificate, with those between it and its authority. */
  readonly cert?: string | undefined
  /** The private key of our certificate. */
  readonly key?: string | undefined
}

/** What TLS connections to all servers have in common. */
export type TlsOptions = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>

/**
 * Reads the files. They are read again for each new client, so that a renewed certificate needs no restart.
 *
 * @throws A system error when one cannot be read.
 */
export function readTlsFiles({ ca, cert, key }: TlsFiles): TlsOptions {
  return {
    // Whoever names authorities trusts no others, even if NODE_TLS_REJECT_UNAUTHORIZED says so.
    ...(ca !== undefined && { ca: readFileSync(ca), rejectUnauthorized: true }),
    ...(cert !== undefined && { cert: readFileSync(cert) }),
    ...(key !== undefined && { key: readFileSync(key) }),
  }
}

/** Adds the name by which a proxy that serves several hosts finds this one (RFC 6066, section 3). An address is none. */
export function namingServer(tls: TlsOptions, host: string): ConnectionOptions {
  return isIP(host) === 0 ? { ...tls, servername: host } : tls
}
