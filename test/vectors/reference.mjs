// Implements src/crypto/SPEC.md from that text alone, with Node's own crypto and nothing of ours, so that the server and the
// text prove each other. Needs Node 24.7 (argon2Sync, from OpenSSL).
import { argon2Sync, createCipheriv, createHash, createHmac } from 'node:crypto'

// Section 1: keys

const labelled = (label, text) => createHash('sha256').update(`emberlink/1/${label}/${text}`).digest()

export const rootIdOf = (root) => labelled('root-id', root.toString('hex')).subarray(0, 4)

function lastDigits(bytes, count) {
  let number = BigInt(`0x${bytes.toString('hex')}`)
  let digits = ''
  for (let digit = 0; digit < count; digit += 1) {
    digits = '0123456789abcdefghijklmnopqrstuvwxyz'[Number(number % 36n)] + digits
    number /= 36n
  }
  return digits
}

export const secretKeyOf = (receiptKey) =>
  receiptKey.slice(0, 3) + lastDigits(labelled('secret-key', receiptKey), 28)

export const urNameOf = (email) => `ur${lastDigits(labelled('ur-name', email), 24)}`

export const idOf = (secretKey) =>
  secretKey.slice(0, 3) + labelled('record-id', secretKey).toString('base64url').slice(0, 22)

const first22 = (hash) => hash.toString('base64url').slice(0, 22)

export const aliasIdOf = (kind, linkKey) => first22(labelled(`alias-${kind}`, linkKey))

export const siteIdOf = (siteSecret) => first22(labelled('site-secret', siteSecret))

// Section 2: derivation

export function derive(root, label, ...parts) {
  const info = [Buffer.from(`emberlink/1/${label}`)]
  for (const part of parts.map((given) => Buffer.from(given)))
    info.push(Buffer.from(`/${part.length}/`), part)
  return createHmac('sha256', root)
    .update(Buffer.concat([...info, Buffer.of(1)]))
    .digest()
}

// Section 3: sealed secrets

export function stretch(passphrase, { memory, passes, salt }) {
  const message = Buffer.from(passphrase.normalize('NFC'))
  return argon2Sync('argon2id', { message, nonce: salt, memory, passes, parallelism: 1, tagLength: 32 })
}

function headerOf(root, argon2) {
  if (argon2 === 'digest inside') return Buffer.concat([Buffer.of(1), rootIdOf(root), Buffer.of(3)])
  if (argon2 === undefined) return Buffer.concat([Buffer.of(1), rootIdOf(root), Buffer.of(0)])
  const cost = Buffer.alloc(5)
  cost.writeUInt32BE(argon2.memory, 0)
  cost.writeUInt8(argon2.passes, 4)
  return Buffer.concat([Buffer.of(1), rootIdOf(root), Buffer.of(1), cost, argon2.salt])
}

export function seal(root, key, plaintext, { id, created, ttl }, argon2) {
  const header = headerOf(root, argon2)
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12))
  cipher.setAAD(Buffer.concat([header, Buffer.from(`/${id}/${created}/${ttl}`)]))
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}
