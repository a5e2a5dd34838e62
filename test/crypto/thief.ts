import { type AccountId, parseAccountId } from '../../src/accounts/records.ts'
import { type Binding, type KeyInput, open } from '../../src/crypto/envelope.ts'
import type { KeyRing } from '../../src/crypto/key-ring.ts'
import {
  PARTITION_LENGTH,
  parseRecordId,
  type ReceiptKey,
  type RecordId,
  recordIdOf,
  type SecretKey,
  secretKeyOf,
} from '../../src/secrets/keys.ts'
import type { Store } from '../../src/store/store.ts'
import { type Milliseconds, milliseconds, seconds } from '../../src/time.ts'

/** A full copy of a store: its files, and the server's own software running on them. */
export interface StolenStore {
  readonly bytes: Buffer
  readonly store: Store
}

/** Something sealed that was found in a copy, with all that stands in clear beside it. */
interface Sealed extends Binding {
  readonly what: 'secret' | 'sender' | 'details' | 'memo' | 'alias' | 'recent' | 'email' | 'name'
  readonly sealed: Buffer
  readonly salt: readonly Buffer[]
}

/** Something that a thief has read. */
export interface Opened {
  readonly what: Sealed['what']
  readonly text: string
}

/** The labels of what is sealed, which src/crypto/SPEC.md tells a thief too. */
const LABELS = {
  secret: ['secret', 'imported'],
  sender: ['sender'],
  details: ['metadata'],
  memo: ['memo'],
  alias: ['alias'],
  recent: ['recent'],
  email: ['account'],
  name: ['account-name'],
} as const satisfies Record<Sealed['what'], readonly KeyInput['label'][]>
const ALL_LABELS = [...Object.values(LABELS).flat(), 'cookie'] as const
const SALT_BYTES = 16
// In an envelope.
const PASSPHRASE_AT = 5
const PLENTY = { limit: 1_000_000, windowMs: milliseconds(1) }
const NO_TTL = seconds(0)

/** Returns everything sealed in the copy. */
export async function loot(
  { bytes, store }: StolenStore,
  ring: KeyRing,
  now: Milliseconds,
): Promise<Sealed[]> {
  const found: Sealed[] = []
  const attempt = {
    network: 'thief',
    perNetwork: PLENTY,
    perSecret: PLENTY,
    newcomerPause: milliseconds(60_000),
  }
  for (const id of recordIdsIn(bytes)) {
    const receipt = await store.secrets.settle(id, 'observer', now)
    if (receipt === undefined) continue
    const place = { id, created: receipt.created, ttl: receipt.ttl, salt: [] }
    if (receipt.sealed !== undefined) found.push({ what: 'details', sealed: receipt.sealed, ...place })
    if (receipt.memo !== undefined) found.push({ what: 'memo', ...place, ...salted(receipt.memo) })
    const { sender } = (await store.secrets.peek(id, now)) ?? {}
    if (sender !== undefined) found.push({ what: 'sender', sealed: sender, ...place })
    const claim = await store.secrets.claim(id, { outcome: 'received', roots: ring.ids, attempt }, now)
    if ('sealed' in claim) found.push({ what: 'secret', sealed: claim.sealed, ...place })
  }
  for (const { id, email, name, created } of await store.accounts.list()) {
    const place = { id, created, ttl: NO_TTL }
    found.push({ what: 'email', ...salted(email), ...place })
    if (name !== undefined) found.push({ what: 'name', ...salted(name), ...place })
  }
  for await (const { id, sealed, expires } of store.imports.allAliases())
    found.push({ what: 'alias', ...salted(sealed), id, created: expires, ttl: NO_TTL })
  for (const id of accountIdsIn(bytes)) {
    for (const { sealed, created } of await store.accounts.recent(id, milliseconds(0)))
      found.push({ what: 'recent', ...salted(sealed), id, created, ttl: NO_TTL })
  }
  return found
}

/**
 * Tries on everything that was found the keys of its own kind that can be made of what is known.
 *
 * @param ring The root keys that were stolen.
 * @param known What else the thief knows: links, tokens, addresses.
 */
export function crack(found: readonly Sealed[], ring: KeyRing, known: readonly string[] = []): Opened[] {
  const parts = partsFrom(found, ring, known)
  const lists = listsOf(parts, known, [...new Set(known.flatMap(relatedTo))])
  return openAny(found, ring, lists, ({ what }) => LABELS[what])
}

/**
 * Does the same as `crack` with the keys of every kind, and with any two parts of which one is known. What a label or a part
 * too many opens, a server has sealed otherwise than src/crypto/SPEC.md says.
 *
 * @param found Takes milliseconds for each, so with something known, better `oneOfEachKind`.
 */
export function crackInEveryWay(
  found: readonly Sealed[],
  ring: KeyRing,
  known: readonly string[] = [],
): Opened[] {
  const parts = partsFrom(found, ring, known)
  return openAny(found, ring, listsOf(parts, known, parts), () => ALL_LABELS)
}

/** Returns one of everything that is sealed in the same way. */
export function oneOfEachKind(found: readonly Sealed[]): Sealed[] {
  return [...new Map(found.map((thing) => [`${thing.what} ${thing.sealed[PASSPHRASE_AT]}`, thing])).values()]
}

function partsFrom(found: readonly Sealed[], ring: KeyRing, known: readonly string[]): string[] {
  const ids = found.map(({ id }) => id)
  return [...new Set([...known, ...ids, ...ring.ids, ''].flatMap(relatedTo))]
}

function listsOf(
  parts: readonly string[],
  firsts: readonly string[],
  seconds: readonly string[],
): readonly (readonly string[])[] {
  return [[], ...parts.map((part) => [part]), ...firsts.flatMap((a) => seconds.map((b) => [a, b]))]
}

function openAny(
  found: readonly Sealed[],
  ring: KeyRing,
  lists: readonly (readonly string[])[],
  labelsOf: (thing: Sealed) => readonly KeyInput['label'][],
): Opened[] {
  const { stackTraceLimit } = Error
  // Every failure throws, and its stack trace takes a third of the time.
  Error.stackTraceLimit = 0
  try {
    return found.flatMap((thing) => openOne(thing, ring, lists, labelsOf(thing)))
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function openOne(
  thing: Sealed,
  ring: KeyRing,
  lists: readonly (readonly string[])[],
  labels: readonly KeyInput['label'][],
): Opened[] {
  for (const label of labels) {
    for (const list of lists) {
      const keyInput: KeyInput = { label, parts: [...list, ...thing.salt] }
      const text = open(ring, keyInput, thing.sealed, thing)?.toString()
      if (text !== undefined) return [{ what: thing.what, text }]
    }
  }
  return []
}

/** Returns those of the texts that stand in the bytes, as they are or in a common encoding. */
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

function recordIdsIn(bytes: Buffer): RecordId[] {
  return namesIn(bytes, /(?=([a-z0-9]{3}[\w-]{22}))/g).flatMap((name) => parseRecordId(name) ?? [])
}

function accountIdsIn(bytes: Buffer): AccountId[] {
  return namesIn(bytes, /(?=([\w-]{22}))/g).flatMap((name) => parseAccountId(name) ?? [])
}

function namesIn(bytes: Buffer, pattern: RegExp): string[] {
  // Redis has the partition in braces.
  const text = bytes.toString('latin1').replace(/\{([a-z0-9]{3})\}/g, '$1')
  return [...new Set(Array.from(text.matchAll(pattern), ([, name = '']) => name))]
}

function relatedTo(text: string): string[] {
  const ends = [text.slice(0, PARTITION_LENGTH), text.slice(PARTITION_LENGTH)]
  // A thief derives from anything, as if it were a key.
  const derive = (given: string) => recordIdOf(given as SecretKey)
  const derived = text.length < PARTITION_LENGTH ? [] : [secretKeyOf(text as ReceiptKey), derive(text)]
  return [text, ...ends, ...derived, ...derived.map(derive)]
}

function salted(stored: Buffer): { salt: Buffer[]; sealed: Buffer } {
  return { salt: [stored.subarray(0, SALT_BYTES)], sealed: stored.subarray(SALT_BYTES) }
}
