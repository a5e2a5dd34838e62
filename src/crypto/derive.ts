import { createHmac, hash, type KeyObject } from 'node:crypto'

/**
 * Derives 32 bytes from a root key: HKDF-Expand of RFC 5869 for one block. The root key is uniform already, so there is
 * nothing to extract. Source: SPEC.md section 2.
 *
 * @param root 32 uniform bytes.
 * @param label What the result is for; no two uses share one.
 * @param parts Of any size each; their lengths go in too, so no two lists of parts read the same.
 * @returns 32 bytes.
 */
export function derive(root: KeyObject, label: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', root).update(`emberlink/1/${label}`)
  for (const part of parts) hmac.update(`/${Buffer.byteLength(part)}/`).update(part)
  return hmac.update('\x01').digest()
}

/**
 * Hashes a text that cannot be guessed, for one use. Source: SPEC.md section 1.
 *
 * @param label What the hash is for; no two uses share one.
 * @returns SHA-256 in the encoding asked for.
 */
export function labelledHash(label: string, text: string, encoding: 'hex' | 'base64url'): string {
  return hash('sha256', `emberlink/1/${label}/${text}`, encoding)
}
