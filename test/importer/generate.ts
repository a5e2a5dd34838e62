import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { blake2b } from '@noble/hashes/blake2.js'
import { hash as argon2, argon2id } from 'argon2'
import { hashSync as bcrypt } from 'bcryptjs'
import type { Redis } from 'ioredis'
import type { OldVersion } from './old-server.ts'
import { sealOld } from './onetime-secret/seal-old.ts'

/** How many records of each kind an old server has. */
export interface OldCounts {
  /** Waiting secrets, each with its receipt. Every tenth has a passphrase. */
  readonly secrets: number
  /** Receipts of secrets that were revealed. */
  readonly receipts: number
  readonly accounts: number
}

type Fields = Readonly<Record<string, string | number | Buffer>>

/** A record before it is stored. */
interface NewRecord {
  readonly db: number
  readonly name: string
  readonly fields: Fields
}

/** The site secret of generated records. */
export const SITE_SECRET = 'a site secret for generated records'
/** The passphrase of generated secrets that have one. */
export const PASSPHRASE = 'correct horse'

const BATCH = 200
const TTL = 604_800
const PERSONAL = Buffer.concat([Buffer.from('FamilialMatters'), Buffer.alloc(1)])

/** Returns the key in the link of a generated record. @param name Of the record: `secret 7`, `receipt 7` or `lone 7`. */
export function generatedKey(version: OldVersion, name: string): string {
  const digits = BigInt(`0x${createHash('sha512').update(name).digest('hex')}`).toString(36)
  return digits.padStart(99, '0').slice(version === '0.20' ? -31 : -62)
}

/** Returns the text of a generated secret. */
export function generatedText(index: number): string {
  return `the text of number ${index}`
}

/** Tells whether a generated secret has a passphrase. */
export function isProtected(index: number): boolean {
  return index % 10 === 0
}

/** Fills the Redis of an old server with records that differ from real ones in the cost of their passphrases only. */
export async function generateOldRecords(
  redis: Redis,
  version: OldVersion,
  counts: OldCounts,
): Promise<void> {
  const records = version === '0.20' ? oldest(counts) : await later(counts)
  let batch: NewRecord[] = []
  const store = async () => {
    const pipeline = redis.pipeline()
    for (const { db, name, fields } of batch) {
      pipeline.select(db).hset(name, fields)
      const isReceipt = /^(metadata|receipt):/.test(name)
      if (!name.startsWith('customer:')) pipeline.expire(name, isReceipt ? 2 * TTL : TTL)
    }
    await pipeline.exec()
    batch = []
  }
  for (const record of records) {
    batch.push(record)
    if (batch.length === BATCH) await store()
  }
  await store()
}

/** Yields records of 0.20. */
function* oldest({ secrets, receipts, accounts }: OldCounts): Iterable<NewRecord> {
  const digest = bcrypt(PASSPHRASE, 4)
  const keyOf = (name: string) => generatedKey('0.20', name)
  const common = { created: unixNow(), updated: unixNow(), custid: 'anon' }
  for (let i = 0; i < secrets; i += 1) {
    const [key, receipt] = [keyOf(`secret ${i}`), keyOf(`receipt ${i}`)]
    const passphrase = isProtected(i) ? digest : ''
    const input = [SITE_SECRET, key, ...(isProtected(i) ? [PASSPHRASE] : [])].join(':')
    yield {
      db: 8,
      name: `secret:${key}:object`,
      fields: {
        ...{ ...common, state: 'new', metadata_key: receipt, passphrase, lifespan: TTL },
        ...{ value: sealOld(input, generatedText(i)), value_encryption: 2, verification: '', truncated: '' },
      },
    }
    const fields = {
      ...common,
      state: 'new',
      secret_key: key,
      passphrase,
      secret_ttl: TTL,
      lifespan: 2 * TTL,
    }
    yield { db: 7, name: `metadata:${receipt}:object`, fields }
  }
  for (let i = 0; i < receipts; i += 1) {
    const fields = { ...common, state: 'received', received: unixNow(), secret_ttl: TTL, lifespan: 2 * TTL }
    yield { db: 7, name: `metadata:${keyOf(`lone ${i}`)}:object`, fields }
  }
  for (let i = 0; i < accounts; i += 1) {
    const custid = `person${i}@example.com`
    yield { db: 6, name: `customer:${custid}:object`, fields: { custid, apitoken: tokenOf() } }
  }
}

/** Returns records of 0.26. */
async function later(counts: OldCounts): Promise<Iterable<NewRecord>> {
  const digest = await argon2(PASSPHRASE, { type: argon2id, memoryCost: 1024, timeCost: 1, parallelism: 1 })
  return laterWith(counts, digest)
}

function* laterWith({ secrets, receipts, accounts }: OldCounts, digest: string): Iterable<NewRecord> {
  const keyOf = (name: string) => generatedKey('0.26', name)
  const common = { created: unixNow(), updated: unixNow(), owner_id: 'anon' }
  const record = (kind: string, id: string, fields: object): NewRecord => ({
    db: 0,
    name: `${kind}:${id}:object`,
    fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)])),
  })
  for (let i = 0; i < secrets; i += 1) {
    const [key, receipt] = [keyOf(`secret ${i}`), keyOf(`receipt ${i}`)]
    yield record('secret', key, {
      ...{ ...common, state: 'new', receipt_identifier: receipt, lifespan: TTL },
      ...(isProtected(i) && { passphrase: digest }),
      ciphertext: sealEnvelope(key, generatedText(i)),
    })
    const has_passphrase = isProtected(i)
    const life = { secret_ttl: TTL, lifespan: 2 * TTL }
    yield record('receipt', receipt, {
      ...common,
      ...life,
      state: 'new',
      secret_identifier: key,
      has_passphrase,
    })
  }
  for (let i = 0; i < receipts; i += 1) {
    const fields = { ...common, state: 'revealed', revealed: unixNow(), secret_ttl: TTL, lifespan: 2 * TTL }
    yield record('receipt', keyOf(`lone ${i}`), fields)
  }
  for (let i = 0; i < accounts; i += 1) {
    const fields = { email: `person${i}@example.com`, apitoken: tokenOf() }
    yield record('customer', `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`, fields)
  }
}

const MASTER = Buffer.from(hkdfSync('sha256', SITE_SECRET, 'onetimesecret-v1', 'familia-enc', 32))

/** Seals as servers from 0.24 do by default. */
function sealEnvelope(id: string, text: string): object {
  const context = Buffer.from(`Onetime::Secret:ciphertext:${id}`)
  const key = blake2b(context, { dkLen: 32, key: MASTER, personalization: PERSONAL })
  const nonce = randomBytes(24)
  const sealed = Buffer.from(xchacha20poly1305(key, nonce, context).encrypt(Buffer.from(text)))
  return {
    algorithm: 'xchacha20poly1305',
    nonce: nonce.toString('base64'),
    ciphertext: sealed.subarray(0, -16).toString('base64'),
    auth_tag: sealed.subarray(-16).toString('base64'),
    key_version: 'v2',
    encoding: 'UTF-8',
    envelope_version: 2,
  }
}

function tokenOf(): string {
  return randomBytes(20).toString('hex')
}

function unixNow(): number {
  return Math.floor(Date.now() / 1000)
}
