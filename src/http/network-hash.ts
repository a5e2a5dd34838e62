import { derive } from '../crypto/derive.ts'
import type { KeyRing } from '../crypto/key-ring.ts'

const REMEMBERED_CLIENTS = 8192

/**
 * Returns the keyed hash under which a client is counted, so that the store reveals neither address nor account. Source:
 * src/crypto/SPEC.md section 2.
 *
 * @param client The client network, and the account if it is counted by itself there.
 * @returns 16 characters of base64url.
 */
export function hashClient(
  ring: KeyRing,
  ...client: readonly [network: string] | readonly [network: string, email: string]
): string {
  return derive(ring.current.key, 'rate-source', ...client).toString('base64url', 0, 12)
}

/** Creates a function that hashes client networks. Clients usually send several requests, so it caches about 1 MB. */
export function networkHasher(ring: KeyRing): (network: string) => string {
  const hashes = new Map<string, string>()
  return (network) => {
    const known = hashes.get(network)
    if (known !== undefined) return known
    if (hashes.size >= REMEMBERED_CLIENTS) hashes.clear()
    const hashed = hashClient(ring, network)
    hashes.set(network, hashed)
    return hashed
  }
}
