import type { Entry, Try } from './ledger.ts'

/** A request of a client. */
export interface Form {
  readonly request: string
  readonly params: Readonly<Record<string, string>>
}

/**
 * Returns the request with which a client claims a secret, or guesses at it. A guess at a protected secret goes to v2, which tells
 * a wrong passphrase from a secret that is gone; one in four sends a passphrase, which takes time to check.
 */
export function requestFor(action: Try['action'], entry: Entry, chance: number): Form {
  const { receiptKey, passphrase } = entry
  const key = keyFor(action, entry)
  const right = { ...(passphrase !== '' && { passphrase }) }
  if (action === 'burn') return { request: `POST /api/v1/private/${receiptKey}/burn`, params: right }
  if (action === 'reveal' || passphrase === '')
    return { request: `POST /api/v1/secret/${key}`, params: right }
  const wrong = { ...(chance % 4 === 0 && { passphrase: `not ${passphrase}` }) }
  return { request: `POST /api/v2/guest/secret/${key}/reveal`, params: { continue: 'true', ...wrong } }
}

/** Returns the key that a client sends: for a guess at a secret without a passphrase, one character of it is wrong. */
export function keyFor(action: Try['action'], { secretKey, passphrase }: Entry): string {
  if (action !== 'guess' || passphrase !== '') return secretKey
  return secretKey.slice(0, -1) + (secretKey.endsWith('a') ? 'b' : 'a')
}
