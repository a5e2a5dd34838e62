import { createHmac, hash, type KeyObject } from 'node:crypto'

/**
 * Derives 32 bytes from a root key by HKDF-Expand (RFC 5869) for one block. The extract step is unnecessary, because root
 * keys are uniform. Source: SPEC.md section 2.
 *
 * @param root 32 uniform bytes.
 * @param label The purpose of the result; each label has one use.
 * @param parts Each of any size. Their lengths are hashed too, so that different lists never collide.
 * @returns 32 bytes.
 */
export function derive(root: KeyObject, label: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', root)
  // Texts are collected, because each update is a call into native code.
  let text = `emberlink/1/${label}`
  for (const part of parts) {
    text += `/${Buffer.byteLength(part)}/`
    if (typeof part === 'string') {
      text += part
    } else {
      hmac.update(text).update(part)
      text = ''
    }
  }
  return hmac.update(`${text}\x01`).digest()
}

/**
 * Hashes a high-entropy text for one purpose. Source: SPEC.md section 1.
 *
 * @param label The purpose of the hash; each label has one use.
 * @returns SHA-256 in the requested encoding.
 */
export function labelledHash(label: string, text: string, encoding: 'hex' | 'base64url'): string {
  return hash('sha256', `emberlink/1/${label}/${text}`, encoding)
}
