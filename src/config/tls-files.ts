import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { type ReadFile, readSettingFile } from './setting-file.ts'
import { matching, Rejection, type ValueType } from './value-types.ts'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g
const PRIVATE_KEY = /-----BEGIN ([A-Z0-9]+ )?PRIVATE KEY-----/
const ENCRYPTED_KEY = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m

/** The settings about TLS with Redis and with the SMTP server. Those that were rejected are undefined. */
interface TlsSettings {
  readonly redisUrl: string | undefined
  readonly redisTlsCa: string | undefined
  readonly redisTlsCert: string | undefined
  readonly redisTlsKey: string | undefined
  readonly smtpUrl: string | undefined
  readonly smtpTlsCa: string | undefined
}

/**
 * The path of a PEM file (RFC 7468). The file itself is checked by `faultsOfTls`.
 *
 * @param content What is in the file.
 */
export function pemFile(content: string): ValueType<string> {
  return matching(`the path of a PEM file with ${content}`, /^(?!\s)[^\0]+(?<!\s)$/)
}

/**
 * Finds files for TLS that cannot be used, that do not fit together, or that would have no effect. Quotes none of them.
 *
 * @param isGiven Tells whether a setting is there, be it rejected or not.
 */
export function faultsOfTls(
  settings: TlsSettings,
  isGiven: (name: string) => boolean,
  readFile: ReadFile,
): string[] {
  const { redisUrl, redisTlsCa, redisTlsCert, redisTlsKey, smtpUrl, smtpTlsCa } = settings
  const faults: string[] = []
  const attempt = <T>(name: string, path: string | undefined, parse: (text: string) => T): T | undefined => {
    try {
      return path === undefined ? undefined : parse(readSettingFile(readFile, path))
    } catch (error) {
      if (!(error instanceof Rejection)) throw error
      faults.push(`${name}: ${error.message}`)
      return undefined
    }
  }
  attempt('REDIS_TLS_CA', redisTlsCa, parseCertificates)
  const certificates = attempt('REDIS_TLS_CERT', redisTlsCert, parseCertificates)
  const key = attempt('REDIS_TLS_KEY', redisTlsKey, parsePrivateKey)
  attempt('SMTP_TLS_CA', smtpTlsCa, parseCertificates)

  if (redisTlsCert !== undefined && redisTlsKey === undefined)
    faults.push('REDIS_TLS_KEY: is required with REDIS_TLS_CERT')
  if (redisTlsKey !== undefined && redisTlsCert === undefined)
    faults.push('REDIS_TLS_CERT: is required with REDIS_TLS_KEY')
  if (key !== undefined && certificates?.[0]?.checkPrivateKey(key) === false)
    faults.push(describeMismatch(certificates, key))

  const ofRedis = ['REDIS_TLS_CA', 'REDIS_TLS_CERT', 'REDIS_TLS_KEY'].filter(isGiven)
  const isRedisRejected = redisUrl === undefined && isGiven('REDIS_URL')
  if (ofRedis.length > 0 && !isRedisRejected && !redisUrl?.startsWith('rediss'))
    faults.push(
      `${ofRedis.join(', ')}: ${ofRedis.length === 1 ? 'has' : 'have'} no effect unless REDIS_URL begins with rediss`,
    )
  const isSmtpRejected = smtpUrl === undefined && isGiven('SMTP_URL')
  if (isGiven('SMTP_TLS_CA') && !isSmtpRejected && (smtpUrl === undefined || smtpUrl.endsWith('?tls=off')))
    faults.push('SMTP_TLS_CA: has no effect without an SMTP_URL that uses TLS')
  return faults
}

function parseCertificates(text: string): readonly X509Certificate[] {
  const found = text.match(CERTIFICATE) ?? []
  if (found.length === 0) throw new Rejection(`the file contains no certificate in PEM${instead(text)}`)
  return found.map((pem, index) => {
    try {
      return new X509Certificate(pem)
    } catch {
      throw new Rejection(`the file is damaged: certificate ${index + 1} cannot be parsed`)
    }
  })
}

function parsePrivateKey(text: string): KeyObject {
  if (ENCRYPTED_KEY.test(text))
    throw new Rejection(
      'the key is encrypted; `openssl pkey -in FILE -out FILE` writes it without a passphrase',
    )
  if (!PRIVATE_KEY.test(text)) throw new Rejection(`the file contains no private key in PEM${instead(text)}`)
  try {
    return createPrivateKey(text)
  } catch {
    throw new Rejection('the file is damaged: the private key cannot be parsed')
  }
}

/** Says what a file contains in place of what was expected, as far as it shows. */
function instead(text: string): string {
  if (ENCRYPTED_KEY.test(text) || PRIVATE_KEY.test(text))
    return ', but a private key: are two settings mixed up?'
  if (text.match(CERTIFICATE)) return ', but a certificate: are two settings mixed up?'
  const [, label] = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text) ?? []
  if (label !== undefined) return `, but a ${label}`
  return '; is it DER or PKCS #12? `openssl x509 -inform der` and `openssl pkcs12 -nodes` turn these into PEM'
}

function describeMismatch(certificates: readonly X509Certificate[], key: KeyObject): string {
  const isLater = certificates.some((certificate) => certificate.checkPrivateKey(key))
  return isLater
    ? 'REDIS_TLS_CERT: the certificate of REDIS_TLS_KEY is not the first one in the file'
    : 'REDIS_TLS_KEY: does not belong to the certificate of REDIS_TLS_CERT; was only one of them renewed?'
}
