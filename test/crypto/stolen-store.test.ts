import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNameIndex } from '../../src/accounts/name-index.ts'
import { recentKeys, remember } from '../../src/accounts/recent.ts'
import { createKeyRing, newRootKey } from '../../src/crypto/key-ring.ts'
import { createPassphraseHasher } from '../../src/crypto/passphrase.ts'
import type { CbcCiphertext } from '../../src/importer/onetime-secret/cbc.ts'
import type { ImportContext } from '../../src/importer/onetime-secret/context.ts'
import { importCustomer } from '../../src/importer/onetime-secret/import-customer.ts'
import { importSecret } from '../../src/importer/onetime-secret/import-secret.ts'
import type { OldSecret } from '../../src/importer/onetime-secret/old-records.ts'
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
import { oldProtected, oldReceipt, oldSecret } from '../importer/onetime-secret/old.ts'
import { ANYBODY, failure, newSecret, ROOT, START, withLink, withReceipt } from '../secrets/stage.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import {
  crack,
  crackInEveryWay,
  loot,
  type Opened,
  oneOfEachKind,
  readable,
  type StolenStore,
} from './thief.ts'

const NETWORK = '203.0.113.77'
const EMAIL = 'sender.of.secrets@example.com'
const RECIPIENT = 'receiver.of.secrets@example.org'
const HOST = 'secrets.of.ours.example.net'
const PASSPHRASE = 'a passphrase that was never written down'
const MEMO = 'a memo that only its sender reads'
const SITE_SECRET = 'the site secret of the server that was moved'
const WRONG_PASSPHRASE = 'a passphrase that missed by a mile'

const IMPORTED_EMAIL = 'someone.who.moved@example.net'
const IMPORTED_NAME = 'urmrnpfr5yuvi0ecnmrb7432wc'
const IMPORTED_TOKEN = '3751957c4112497e53c556955a8b050f8e8d7e37'
const IMPORTED_PASSPHRASE = 'a passphrase that the old server checked'

/** What root keys alone open. */
const ACCOUNTS: readonly Opened[] = [
  { what: 'email', text: EMAIL },
  { what: 'email', text: IMPORTED_EMAIL },
  { what: 'name', text: IMPORTED_NAME },
]

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
  readonly imported: Imported
}

/** What was imported from another server, and what that kept in clear. */
interface Imported {
  readonly plain: OldSecret
  readonly checked: OldSecret
  readonly encrypted: OldSecret
  readonly texts: readonly string[]
  readonly bytes: readonly Buffer[]
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

  it('shows a raw search no key, token, name, digest, ciphertext or address of what was imported', () => {
    const { texts, bytes } = handedOut.imported
    expect(readable(stolen.bytes, texts)).toEqual([])
    expect(bytes.filter((each) => stolen.bytes.includes(each))).toEqual([])
  })

  it('opens to root keys no more than the email addresses of accounts, as src/crypto/SPEC.md section 7 admits', () => {
    const kinds = found.map(({ what }) => what).toSorted()
    expect(kinds.filter((what) => what === 'secret')).toHaveLength(8 + 3)
    expect(kinds.filter((what) => what === 'details')).toHaveLength(4 + 1)
    expect(kinds.filter((what) => what === 'recent')).toHaveLength(4 + 1)
    expect(kinds.filter((what) => what === 'memo')).toHaveLength(1)
    expect(kinds.filter((what) => what === 'sender')).toHaveLength(1)
    expect(kinds.filter((what) => what === 'alias')).toHaveLength(2 * 3)
    for (const known of [[], [EMAIL, RECIPIENT, NETWORK, HOST, IMPORTED_EMAIL, SITE_SECRET]])
      expect(crack(found, ring, known).toSorted(byText)).toEqual(ACCOUNTS)
  })

  it('opens no more to root keys than that with the label and the parts of any other kind of record', () => {
    expect(crackInEveryWay(found, ring).toSorted(byText)).toEqual(ACCOUNTS)
    const { links, receipt, token, imported } = handedOut
    const sample = oneOfEachKind(found)
    expect(sample).toHaveLength(10)
    const guessed = [EMAIL, NETWORK, SITE_SECRET]
    for (const known of [guessed, [links.anonymous], [receipt, token], [imported.plain.key]])
      expect(crack(found, ring, known)).toEqual(expect.arrayContaining(crackInEveryWay(sample, ring, known)))
  })

  it('opens nothing to links and a token without the root keys', () => {
    const { links, receipt, token } = handedOut
    const known = [links.anonymous, links.protected, receipt, token, EMAIL]
    expect(crack(found, otherRing, known)).toEqual([])
  })

  it('opens to root keys and a link that secret alone, unless it has a passphrase', () => {
    const { links, values } = handedOut
    const opened = crack(found, ring, [links.anonymous, links.protected])
    expect(opened.filter(isOfNoAccount)).toEqual([{ what: 'secret', text: `\0${values[0]}` }])
  })

  it('opens to root keys and the old link of an imported secret that secret alone, and its passphrase to whoever has both', () => {
    const { plain, checked, encrypted } = handedOut.imported
    const everything = [plain, checked, encrypted].flatMap(({ key, receiptKey = '' }) => [key, receiptKey])
    expect(crack(found, otherRing, [...everything, IMPORTED_TOKEN, IMPORTED_EMAIL])).toEqual([])
    for (const { key, passphraseDigest } of [plain, checked, encrypted]) {
      const [alias, ...others] = crack(found, ring, [key]).filter(isOfNoAccount)
      expect(others).toEqual([])
      const { secretKey } = JSON.parse(alias?.text ?? '') as { secretKey: string }
      const [secret, ...more] = crack(found, ring, [secretKey]).filter(isOfNoAccount)
      expect(more).toEqual([])
      expect(secret?.text).toContain(passphraseDigest ?? 'kept by the old server')
      expect(secret?.text).not.toContain('encrypted by the old server')
    }
  })

  it('opens to root keys and the link of a secret who sent it, if the sender told the recipient', () => {
    const { links } = handedOut
    const known = [EMAIL, links.anonymous, links.protected, HOST]
    expect(crack(found, ring, known).filter(({ what }) => what === 'sender')).toEqual([])
    const opened = crack(found, ring, [links.signed])
    expect(opened.filter(isOfNoAccount)).toEqual([{ what: 'sender', text: EMAIL }])
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

function isOfNoAccount({ what }: Opened): boolean {
  return what !== 'email' && what !== 'name'
}

function byText(a: Opened, b: Opened): number {
  return a.text < b.text ? -1 : 1
}

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

  const context = { secrets, accounts, siteSecrets: [SITE_SECRET] }
  const imported = await importFor(context)
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
    imported,
  }
}

/** Imports a secret of each kind, and an account. */
async function importFor(context: ImportContext): Promise<Imported> {
  const recipients = obscure(RECIPIENT)
  const receipt = oldReceipt({ custid: IMPORTED_EMAIL, recipients })
  const plain = oldSecret({ receipt, shareDomain: HOST })
  const passphraseDigest = hashSync(IMPORTED_PASSPHRASE, 4)
  const checked = { ...oldSecret(), passphraseDigest }
  const text = 'encrypted by the old server'
  const encrypted = oldProtected(IMPORTED_PASSPHRASE, text, { siteSecret: SITE_SECRET })
  const all = [plain, checked, encrypted]
  for (const old of all) expect(await importSecret(context, old)).toEqual({ kind: 'moved' })
  const receipts = [{ key: receipt.key, at: START }]
  const account = { email: IMPORTED_EMAIL, extid: IMPORTED_NAME, token: IMPORTED_TOKEN, receipts }
  expect(await importCustomer(context, account)).toEqual({ kind: 'moved', receipts: 1 })
  const keys = all.flatMap(({ key, receiptKey = '' }) => [key, receiptKey])
  const { value } = encrypted.ciphertext as CbcCiphertext
  return {
    plain,
    checked,
    encrypted,
    texts: [
      ...[...keys, IMPORTED_TOKEN].map((key) => key.slice(3, 17)),
      ...all.flatMap(({ passphraseDigest: digest = [] }) => digest),
      ...all.map(({ ciphertext }) => (ciphertext as CbcCiphertext).value.toString()),
      text,
      IMPORTED_EMAIL,
      IMPORTED_NAME,
      IMPORTED_PASSPHRASE,
      SITE_SECRET,
      recipients,
    ],
    bytes: [value, value.subarray(0, 16)],
  }
}
