import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from '../../src/config/load.ts'
import { CA_FILE, readCertificate } from '../support/certificates.ts'

const { cert, key } = readCertificate('valid')
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const DER = 'MII\uFFFD\uFFFD'
const FILES: Readonly<Record<string, string>> = {
  'ca.pem': readFileSync(CA_FILE, 'utf8'),
  'both-ca.pem': `Test authority\n${readFileSync(CA_FILE, 'utf8')}${cert}`,
  'cert.pem': cert.toString(),
  'chain.pem': `${cert}${readFileSync(CA_FILE, 'utf8')}`,
  'key.pem': key.toString(),
  'other-key.pem': String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  'locked-key.pem': String(
    privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'PASSPHRASE' }),
  ),
  'cert.der': DER,
  'request.pem': '-----BEGIN CERTIFICATE REQUEST-----\nQUFB\n-----END CERTIFICATE REQUEST-----\n',
  'damaged.pem': '-----BEGIN CERTIFICATE-----\nQUFB\n-----END CERTIFICATE-----\n',
  'damaged-key.pem': '-----BEGIN PRIVATE KEY-----\nQUFB\n-----END PRIVATE KEY-----\n',
}
const ROOT_KEY = randomBytes(32).toString('hex')
const SECURE = { REDIS_URL: 'rediss://redis.example.com', ROOT_KEY }
const MAIL = { SMTP_URL: 'smtps://mail.example.com', MAIL_FROM: 'no-reply@example.com' }
const PAIR = { REDIS_TLS_CERT: 'cert.pem', REDIS_TLS_KEY: 'key.pem' }

function load(env: Readonly<Record<string, string>>) {
  return loadConfig(env, (path) => {
    const text = FILES[path]
    if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' })
    return text
  })
}

function faultsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    load(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

describe('the settings that name files for TLS', () => {
  it('accept an authority, several of them, and a certificate with its key, for one server, Sentinel and Cluster', () => {
    expect(load({ ...SECURE, ...PAIR, REDIS_TLS_CA: 'ca.pem' })).toMatchObject({
      redisTlsCa: 'ca.pem',
      redisTlsCert: 'cert.pem',
      redisTlsKey: 'key.pem',
    })
    for (const url of ['rediss+cluster://a,b', 'rediss+sentinel://a,b/ember'])
      expect(faultsOf({ ...SECURE, ...PAIR, REDIS_URL: url, REDIS_TLS_CA: 'both-ca.pem' })).toEqual([])
    expect(faultsOf({ ...SECURE, ...PAIR, REDIS_TLS_CERT: 'chain.pem' })).toEqual([])
    for (const SMTP_URL of ['smtps://mail.example.com', 'smtp://mail.example.com?tls=required'])
      expect(load({ ...MAIL, SMTP_URL, SMTP_TLS_CA: 'ca.pem' }).smtpTlsCa).toBe('ca.pem')
  })

  it.each([
    [{ ...SECURE, REDIS_TLS_CA: 'missing.pem' }, /^REDIS_TLS_CA: the file does not exist/],
    [{ ...MAIL, SMTP_TLS_CA: 'missing.pem' }, /^SMTP_TLS_CA: the file does not exist/],
    [
      { ...SECURE, REDIS_TLS_CA: 'cert.der' },
      /^REDIS_TLS_CA: .+ no certificate in PEM; is it DER or PKCS #12\?/,
    ],
    [
      { ...SECURE, REDIS_TLS_CA: 'key.pem' },
      /^REDIS_TLS_CA: .+, but a private key: are two settings mixed up\?/,
    ],
    [{ ...SECURE, REDIS_TLS_CA: 'request.pem' }, /^REDIS_TLS_CA: .+, but a CERTIFICATE REQUEST$/],
    [
      { ...SECURE, REDIS_TLS_CA: 'damaged.pem' },
      /^REDIS_TLS_CA: .+ damaged: certificate 1 cannot be parsed$/,
    ],
    [{ ...MAIL, SMTP_TLS_CA: 'cert.der' }, /^SMTP_TLS_CA: .+ no certificate in PEM/],
    [{ ...SECURE, ...PAIR, REDIS_TLS_KEY: 'cert.pem' }, /^REDIS_TLS_KEY: .+, but a certificate: are two/],
    [
      { ...SECURE, ...PAIR, REDIS_TLS_KEY: 'cert.der' },
      /^REDIS_TLS_KEY: .+ no private key in PEM; is it DER/,
    ],
    [
      { ...SECURE, ...PAIR, REDIS_TLS_KEY: 'locked-key.pem' },
      /^REDIS_TLS_KEY: the key is encrypted; `openssl/,
    ],
    [{ ...SECURE, ...PAIR, REDIS_TLS_KEY: 'damaged-key.pem' }, /^REDIS_TLS_KEY: .+ cannot be parsed$/],
    [
      { ...SECURE, ...PAIR, REDIS_TLS_KEY: 'other-key.pem' },
      /^REDIS_TLS_KEY: does not belong to the certificate of REDIS_TLS_CERT; was only one of them renewed\?$/,
    ],
    [{ ...SECURE, REDIS_TLS_CERT: 'cert.pem' }, /^REDIS_TLS_KEY: is required with REDIS_TLS_CERT$/],
    [{ ...SECURE, REDIS_TLS_KEY: 'key.pem' }, /^REDIS_TLS_CERT: is required with REDIS_TLS_KEY$/],
    [
      { ...SECURE, ...PAIR, REDIS_URL: 'redis://redis.example.com' },
      /^REDIS_TLS_CERT, REDIS_TLS_KEY: have no effect unless REDIS_URL begins with rediss$/,
    ],
    [{ REDIS_TLS_CA: 'ca.pem' }, /^REDIS_TLS_CA: has no effect unless REDIS_URL begins with rediss$/],
    [
      { ...SECURE, REDIS_URL: 'unix:///run/redis.sock', REDIS_TLS_CA: 'ca.pem' },
      /^REDIS_TLS_CA: has no effect unless/,
    ],
    [{ SMTP_TLS_CA: 'ca.pem' }, /^SMTP_TLS_CA: has no effect without an SMTP_URL that uses TLS$/],
    [
      { ...MAIL, SMTP_URL: 'smtp://mail.example.com?tls=off', SMTP_TLS_CA: 'ca.pem' },
      /^SMTP_TLS_CA: has no effect without/,
    ],
  ] as const)('report the usual cause for %o, and quote no file', (env, fault) => {
    const faults = faultsOf(env)
    expect(faults).toEqual([expect.stringMatching(fault)])
    expect(faults.join()).not.toMatch(/QUFB|\.pem|\.der|MI[GI]/)
  })

  it('report nothing more about a rejected address', () => {
    expect(faultsOf({ ROOT_KEY, REDIS_URL: 'redis:/', REDIS_TLS_CA: 'ca.pem' })).toEqual([
      expect.stringMatching(/^REDIS_URL: /),
    ])
    expect(faultsOf({ ...MAIL, SMTP_URL: 'mail', SMTP_TLS_CA: 'ca.pem' })).toEqual([
      expect.stringMatching(/^SMTP_URL: /),
    ])
  })
})

describe('a rejected REDIS_URL', () => {
  it.each(['redis://:pa#ss@host', 'redis://:pa/ss@host', 'redis://:pa@ss@host', 'redis://:pa%ss@host'])(
    'F42: says how a password is percent-encoded, without it: %s',
    (REDIS_URL) => {
      const [fault, ...more] = faultsOf({ REDIS_URL, ROOT_KEY })
      expect(more).toEqual([])
      expect(fault).toMatch(/^REDIS_URL: .*`#` must be written as `%23`, .* and `%` as `%25`/)
      expect(fault).not.toMatch(/pa.?ss@/)
    },
  )
})
