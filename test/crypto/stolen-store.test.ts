import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNameIndex } from '../../src/accounts/name-index.ts'
import { recentKeys, remember } from '../../src/accounts/recent.ts'
import { createKeyRing, newRootKey } from '../../src/crypto/key-ring.ts'
import { createPassphraseHasher } from '../../src/crypto/passphrase.ts'
import { createOpenImported } from '../../src/importer/onetime-secret/open-imported.ts'
import { burn } from '../../src/secrets/burn.ts'
import { editMemo } from '../../src/secrets/edit-memo.ts'
import { recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import { type NewSecret, storeNewSecret } from '../../src/secrets/new-secret.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { createTurns } from '../../src/secrets/turns.ts'
import { obscure } from '../../src/sharing/recipients.ts'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import type { Store } from '../../src/store/store.ts'
import { newAccount } from '../accounts/new-account.ts'
import { ANYBODY, failure, newSecret, ROOT, START, withLink, withReceipt } from '../secrets/stage.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { crack, loot, readable, type StolenStore } from './thief.ts'

const NETWORK = '203.0.113.77'
const EMAIL = 'sender.of.secrets@example.com'
const RECIPIENT = 'receiver.of.secrets@example.org'
const HOST = 'secrets.of.ours.example.net'
const PASSPHRASE = 'a passphrase that was never written down'
const MEMO = 'a memo that only its sender reads'
const SITE_SECRET = 'the site secret of the server that was moved'
const WRONG_PASSPHRASE = 'a passphrase that missed by a mile'

const ring = createKeyRing([Buffer.from(newRootKey(), 'hex'), ROOT])
const otherRing = createKeyRing([Buffer.from(newRootKey(), 'hex')])

/** Everything that went out, or came in, while the server was in use. */
interface HandedOut {
  readonly links: { readonly anonymous: string; readonly protected: string; readonly signed: string }
  readonly receipt: string
  readonly token: string
  readonly values: readonly string[]
  readonly texts: readonly string[]
  readonly ids: readonly string[]
}

describe.each<[string, () => Theft]>([
  ['LMDB', fromLmdb],
  ['Redis', fromRedis],
])('a store stolen from %s', (_, prepare) => {
  let theft: Theft
  let handedOut: HandedOut
  let stolen: StolenStore
  let found: Awaited<ReturnType<typeof loot>>
  beforeAll(async () => {
    theft = prepare()
    const store = await theft.open()
    handedOut = await useFor(store)
    stolen = await theft.steal(store)
    found = await loot(stolen, ring, START)
  })
  afterAll(() => theft.cleanUp())

  it('shows a raw search its records, but no key, address, token, passphrase or plaintext', () => {
    expect(readable(stolen.bytes, handedOut.ids)).toEqual(handedOut.ids)
    expect(readable(stolen.bytes, handedOut.texts)).toEqual([])
  })

  it('opens to root keys no more than the email addresses of accounts, as src/crypto/SPEC.md section 7 admits', () => {
    const kinds = found.map(({ what }) => what).toSorted()
    expect(kinds.filter((what) => what === 'secret')).toHaveLength(8)
    expect(kinds.filter((what) => what === 'details')).toHaveLength(4)
    expect(kinds.filter((what) => what === 'recent')).toHaveLength(4)
    expect(kinds.filter((what) => what === 'memo')).toHaveLength(1)
    expect(kinds.filter((what) => what === 'sender')).toHaveLength(1)
    expect(crack(found, ring)).toEqual([{ what: 'email', text: EMAIL }])
    expect(crack(found, ring, [EMAIL, RECIPIENT, NETWORK, HOST])).toEqual([{ what: 'email', text: EMAIL }])
  })

  it('opens nothing to links and a token without the root keys', () => {
    const { links, receipt, token } = handedOut
    const known = [links.anonymous, links.protected, receipt, token, EMAIL]
    expect(crack(found, otherRing, known)).toEqual([])
  })

  it('opens to root keys and a link that secret alone, unless it has a passphrase', () => {
    const { links, values } = handedOut
    const opened = crack(found, ring, [links.anonymous, links.protected])
    expect(opened.filter(({ what }) => what !== 'email')).toEqual([
      { what: 'secret', text: `\0${values[0]}` },
    ])
  })

  it('opens to root keys and the link of a secret who sent it, if the sender told the recipient', () => {
    const { links } = handedOut
    const known = [EMAIL, links.anonymous, links.protected, HOST]
    expect(crack(found, ring, known).filter(({ what }) => what === 'sender')).toEqual([])
    const opened = crack(found, ring, [links.signed])
    expect(opened.filter(({ what }) => what !== 'email')).toEqual([{ what: 'sender', text: EMAIL }])
    expect(crack(found, otherRing, [links.signed])).toEqual([])
  })

  it('opens to root keys and a receipt link its details and its memo', () => {
    const opened = crack(found, ring, [handedOut.receipt])
    expect(opened.filter(({ what }) => what === 'memo')).toEqual([{ what: 'memo', text: MEMO }])
    expect(opened.filter(({ what }) => what === 'details')).toHaveLength(1)
  })

  it('opens to root keys and a token that account’s recent list, which is why no token is stored', () => {
    const opened = crack(found, ring, [EMAIL, handedOut.token])
    const listed = opened.filter(({ what }) => what === 'recent').map(({ text }) => text)
    expect(listed).toHaveLength(4)
    expect(listed).toContain(handedOut.receipt)
  })
})

/** How a store is opened, copied in full while it runs, and cleaned up. */
interface Theft {
  open(): Promise<Store>
  steal(store: Store): Promise<StolenStore>
  cleanUp(): Promise<void>
}

function fromLmdb(): Theft {
  const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'emberlink-stolen-')))
  const [folder = '', copy = ''] = folders
  const stores: Store[] = []
  const open = async (path: string) => {
    const store = await openLmdbStore(path, { clock: () => START })
    stores.push(store)
    return store
  }
  return {
    open: () => open(folder),
    async steal() {
      cpSync(folder, copy, { recursive: true })
      return { bytes: filesIn(copy), store: await open(copy) }
    },
    async cleanUp() {
      for (const store of stores) await store.close()
      for (const path of folders) rmSync(path, { recursive: true })
    },
  }
}

function fromRedis(): Theft {
  let redis: RedisServer
  let store: Store
  return {
    async open() {
      redis = await startRedis({ rdbcompression: 'no' })
      store = await openRedisStore(redis.url)
      return store
    },
    async steal() {
      await redis.client.save()
      const [, folder = ''] = (await redis.client.config('GET', 'dir')) as string[]
      return { bytes: filesIn(folder), store }
    },
    async cleanUp() {
      await store.close()
      await redis.stop()
    },
  }
}

function filesIn(folder: string): Buffer {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  return Buffer.concat(paths.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path)))
}

/** Uses the server in every way that writes something. */
async function useFor(store: Store): Promise<HandedOut> {
  const hasher = createPassphraseHasher({ memory: 8, time: 1 }, 2, 10)
  const now = () => START
  const { secrets: records, imports } = store
  const openImported = createOpenImported(hasher, [SITE_SECRET])
  const secrets = { store: records, imports, ring, hasher, openImported, turns: createTurns(), now }
  const older = { ...secrets, ring: createKeyRing([ROOT]) }
  const sources = { store: store.accounts, ring }
  const accounts = { ...sources, configured: new Map(), names: createNameIndex(sources), now }

  const account = await newAccount(accounts, EMAIL)
  const { token } = account
  const details = { custid: EMAIL, recipients: [obscure(RECIPIENT)], shareDomain: HOST }
  const kinds: Partial<NewSecret>[] = [
    {},
    { passphrase: PASSPHRASE },
    details,
    { ...details, passphrase: PASSPHRASE },
    { origin: 'generated' },
    { value: 'a long one, '.repeat(2000), maxBytes: 100_000, ...details },
    { ...details, passphrase: PASSPHRASE, sender: EMAIL },
  ]
  const made = []
  for (const [index, kind] of kinds.entries()) {
    const secret = newSecret({ value: `the plaintext of number ${index}`, ...kind })
    const { receiptKey } = await storeNewSecret(secrets, secret)
    if (kind.custid !== undefined) await remember(accounts, account, receiptKey)
    made.push({ ...secret, receiptKey, secretKey: secretKeyOf(receiptKey) })
  }
  const [, , owned] = made
  if (owned === undefined) throw new Error('nothing made')
  await editMemo(secrets, EMAIL, owned.receiptKey, MEMO, ANYBODY)
  const old = await storeNewSecret(older, newSecret({ value: 'the plaintext under the older key' }))

  const revealed = await storeNewSecret(secrets, newSecret({ value: 'the plaintext that was revealed' }))
  await reveal(secrets, withLink(revealed.secretKey, { network: NETWORK }))
  const burned = await storeNewSecret(secrets, newSecret({ value: 'the plaintext that was burned' }))
  await burn(secrets, withReceipt(burned.receiptKey, { network: NETWORK }))
  const [anonymous, guarded, mine] = made
  const signed = made.at(-1)
  if (!anonymous || !guarded || !mine || !signed) throw new Error('nothing made')
  const wrong = withLink(guarded.secretKey, { passphrase: WRONG_PASSPHRASE, network: NETWORK })
  await expect(reveal(secrets, wrong)).rejects.toEqual(failure('unknown_secret'))
  expect(await recentKeys(accounts, account)).toContain(mine.receiptKey)

  const keys = [...made, old, revealed, burned].flatMap(({ receiptKey, secretKey = '' }) => [
    receiptKey,
    secretKey,
  ])
  // Part of a key would be too much already.
  const halfKeys = [...keys.filter((key) => key !== ''), token].map((key) => key.slice(3, 17))
  const values = made.map(({ value }) => value.slice(0, 30))
  return {
    links: {
      anonymous: anonymous.secretKey,
      protected: guarded.secretKey,
      signed: signed.secretKey,
    },
    receipt: mine.receiptKey,
    token,
    values,
    texts: [
      ...halfKeys,
      ...values,
      'the plaintext',
      PASSPHRASE,
      WRONG_PASSPHRASE,
      MEMO,
      NETWORK,
      EMAIL,
      RECIPIENT,
      obscure(RECIPIENT),
      HOST,
    ],
    ids: made.map(({ secretKey }) => recordIdOf(secretKey).slice(3)),
  }
}
