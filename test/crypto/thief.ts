import { open, type Recipient } from '../../src/crypto/envelope.ts'
import type { KeyRing } from '../../src/crypto/key-ring.ts'
import { PARTITION_LENGTH, recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import type { Store } from '../../src/store/store.ts'

/** A full copy of a store: its files, and the server's own software running on them. */
export interface StolenStore {
  readonly bytes: Buffer
  readonly store: Store
}

/** Something sealed that was found in a copy, with all that stands in clear beside it. */
interface Sealed {
  readonly what: 'message' | 'details' | 'recent' | 'e-mail'
  readonly sealed: Buffer
  readonly salt: readonly Buffer[]
  readonly id: string
  readonly created: number
  readonly ttl: number
}

/** Something that a thief has read. */
export interface Opened {
  readonly what: Sealed['what']
  readonly text: string
}

const LABELS = ['secret', 'metadata', 'recent', 'account'] as const
const SALT_BYTES = 16
const PLENTY = { limit: 1_000_000, windowMs: 1 }

/** @returns Every sealed thing in the copy. */
export async function loot({ bytes, store }: StolenStore, ring: KeyRing, now: number): Promise<Sealed[]> {
  const found: Sealed[] = []
  const guess = { source: 'thief', perNetwork: PLENTY, perSecret: PLENTY }
  for (const id of namesIn(bytes, /(?=([a-z0-9]{3}[\w-]{22}))/g)) {
    const metadata = await store.secrets.settle(id, 'observer', now)
    if (metadata === undefined) continue
    const place = { id, created: metadata.created, ttl: metadata.ttl, salt: [] }
    if (metadata.sealed !== undefined) found.push({ what: 'details', sealed: metadata.sealed, ...place })
    const claim = await store.secrets.claim(id, { outcome: 'received', roots: ring.ids, guess }, now)
    if ('sealed' in claim) found.push({ what: 'message', sealed: claim.sealed, ...place })
  }
  for (const { id, email, created } of await store.accounts.list())
    found.push({ what: 'e-mail', ...salted(email), id, created, ttl: 0 })
  for (const id of namesIn(bytes, /(?=([\w-]{22}))/g)) {
    for (const { sealed, created } of await store.accounts.recent(id, 0))
      found.push({ what: 'recent', ...salted(sealed), id, created, ttl: 0 })
  }
  return found
}

/**
 * Tries every key that can be made of what is known on everything that was found.
 * @param ring The root keys that were stolen.
 * @param known What else the thief knows: links, tokens, addresses.
 */
export function crack(found: readonly Sealed[], ring: KeyRing, known: readonly string[] = []): Opened[] {
  const ids = found.map(({ id }) => id)
  const guesses = [...new Set([...known, ...ids, ...ring.ids, ''].flatMap(relatedTo))]
  const lists = [[], ...guesses.map((guess) => [guess]), ...known.flatMap((a) => guesses.map((b) => [a, b]))]
  return found.flatMap((thing) => {
    for (const label of LABELS) {
      for (const parts of lists) {
        const recipient: Recipient = { label, parts: [...parts, ...thing.salt] }
        const text = open(ring, recipient, thing.sealed, thing)?.toString()
        if (text !== undefined) return [{ what: thing.what, text }]
      }
    }
    return []
  })
}

/** @returns Which of the texts stand in the bytes, as they are or in a common encoding. */
export function readable(bytes: Buffer, texts: readonly string[]): string[] {
  return texts.filter((text) => formsOf(text).some((form) => bytes.includes(form)))
}

function formsOf(text: string): Buffer[] {
  const plain = Buffer.from(text)
  // Base64 of the same text differs by where it begins, so the ends, which depend on what is around, are left off.
  const base64 = [0, 1, 2].flatMap((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), plain])
    return (['base64', 'base64url'] as const).map((encoding) => shifted.toString(encoding).slice(4, -4))
  })
  const hex = plain.toString('hex')
  const texts = [hex, hex.toUpperCase(), ...base64.filter((form) => form.length >= 8)]
  return [plain, Buffer.from(text, 'utf16le'), ...texts.map((form) => Buffer.from(form))]
}

function namesIn(bytes: Buffer, pattern: RegExp): Set<string> {
  // Redis has the partition in braces.
  const text = bytes.toString('latin1').replace(/\{([a-z0-9]{3})\}/g, '$1')
  return new Set(Array.from(text.matchAll(pattern), ([, name = '']) => name))
}

function relatedTo(text: string): string[] {
  const halves = [text.slice(0, PARTITION_LENGTH), text.slice(PARTITION_LENGTH)]
  const derived = text.length < PARTITION_LENGTH ? [] : [secretKeyOf(text), recordIdOf(text)]
  return [text, ...halves, ...derived, ...derived.map(recordIdOf)]
}

function salted(stored: Buffer): { salt: Buffer[]; sealed: Buffer } {
  return { salt: [stored.subarray(0, SALT_BYTES)], sealed: stored.subarray(SALT_BYTES) }
}
