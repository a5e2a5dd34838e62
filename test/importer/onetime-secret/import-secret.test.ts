import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportContext } from '../../../src/importer/onetime-secret/context.ts'
import { importReceipt } from '../../../src/importer/onetime-secret/import-receipt.ts'
import { importSecret } from '../../../src/importer/onetime-secret/import-secret.ts'
import type { OldSecret } from '../../../src/importer/onetime-secret/old-records.ts'
import { burn } from '../../../src/secrets/burn.ts'
import type { SecretsContext } from '../../../src/secrets/context.ts'
import { parseReceiptKey, parseSecretKey } from '../../../src/secrets/keys.ts'
import { peekSecret } from '../../../src/secrets/peek.ts'
import { viewReceipt } from '../../../src/secrets/receipt.ts'
import { reveal } from '../../../src/secrets/reveal.ts'
import { seconds } from '../../../src/time.ts'
import { ANYBODY, failure, openStage, START, type Stage, withLink, withReceipt } from '../../secrets/stage.ts'
import { later } from '../../support/time.ts'
import { interruptedBefore } from './interrupted.ts'
import { cbc, envelopes, importInto, OLD_TTL, oldKey, oldReceipt, oldSecret, oldSecretOf } from './old.ts'

const MOVED = { kind: 'moved' }
const ALREADY = { kind: 'already' }
const UNKNOWN = failure('unknown_secret')

describe('importSecret', () => {
  let stage: Stage
  let context: ImportContext
  let secrets: SecretsContext
  beforeEach(async () => {
    stage = await openStage()
    context = importInto(stage)
    secrets = stage.secrets()
  })
  afterEach(() => stage.close())

  const revealBy = (key: string, passphrase = '') =>
    reveal(secrets, withLink(parseSecretKey(key), { passphrase }))
  const view = (key: string) => viewReceipt(secrets, parseReceiptKey(key), 'observer', ANYBODY)

  async function countPairs(): Promise<number> {
    let count = 0
    for await (const _ of stage.store.secrets.all()) count += 1
    return count
  }

  it.each([...cbc.texts, ...envelopes.texts].filter(({ digest }) => digest === null))(
    'moves a secret of a real server, which is revealed once by its old link: $text',
    async (text) => {
      expect(await importSecret(context, oldSecretOf(text))).toEqual(MOVED)
      expect(await peekSecret(secrets, parseSecretKey(text.key))).toMatchObject({ passphraseRequired: false })
      expect(await revealBy(text.key)).toEqual({ value: text.text, shareDomain: undefined })
      await expect(revealBy(text.key)).rejects.toEqual(UNKNOWN)
      expect(await peekSecret(secrets, parseSecretKey(text.key))).toBeUndefined()
    },
  )

  it('shows the keys of the links, the state, the times, the sender and the recipients in the receipt', async () => {
    const receipt = oldReceipt({
      state: 'previewed',
      custid: ' Ana@Example.com',
      recipients: 'le***@e***.com, bo***@e***.com',
      memo: 'for  <b>Leo</b>',
    })
    const old = oldSecret({ receipt, shareDomain: 'Links.Example.com:443' })
    await importSecret(context, old)
    expect(await view(receipt.key)).toMatchObject({
      receiptKey: receipt.key,
      secretKey: old.key,
      state: 'viewed',
      created: old.created * 1000,
      ttl: OLD_TTL,
      secretTtl: OLD_TTL - 3600,
      receiptTtl: 2 * OLD_TTL - 3600,
      custid: 'ana@example.com',
      recipients: ['le***@e***.com', 'bo***@e***.com'],
      shareDomain: 'links.example.com:443',
      passphraseRequired: false,
      memo: 'for Leo',
    })
    expect(await revealBy(old.key)).toMatchObject({ shareDomain: 'links.example.com:443' })
    const { secretKey, ...revealed } = await view(receipt.key)
    expect(revealed).toMatchObject({ state: 'received', updated: START, imported: { linkKey: old.key } })
    expect(secretKey).toBeUndefined()
  })

  it('is burned by its old receipt link', async () => {
    const old = oldSecret()
    await importSecret(context, old)
    const burned = await burn(secrets, withReceipt(parseReceiptKey(old.receiptKey ?? '')))
    expect(burned).toMatchObject({
      secretKey: old.key,
      receipt: { receiptKey: old.receiptKey, state: 'burned' },
    })
    await expect(revealBy(old.key)).rejects.toEqual(UNKNOWN)
    await expect(burn(secrets, withReceipt(parseReceiptKey(old.receiptKey ?? '')))).rejects.toEqual(UNKNOWN)
  })

  it('moves a secret without a receipt, and with one whose key is malformed', async () => {
    const { receipt: _, receiptKey: __, ...bare } = oldSecret()
    const malformed = { ...oldSecret(), receipt: oldReceipt({ key: 'NO KEY' }), receiptKey: 'NO KEY' }
    for (const old of [bare, malformed]) {
      expect(await importSecret(context, old)).toEqual(MOVED)
      expect(await importSecret(context, old)).toEqual(ALREADY)
      expect(await revealBy(old.key)).toMatchObject({ value: 'kept by the old server' })
      expect(await importSecret(context, old)).toEqual(ALREADY)
      await expect(revealBy(old.key)).rejects.toEqual(UNKNOWN)
    }
  })

  it.each([1, 2, 3, 30, 31, 32, 61, 62])('accepts keys of %i characters', async (length) => {
    const key = oldKey(length)
    const old = oldSecret({ key, receipt: oldReceipt({ key: oldKey(length), secretKey: key }) })
    expect(await importSecret(context, old)).toEqual(MOVED)
    expect(await view(old.receiptKey ?? '')).toMatchObject({ secretKey: key })
    expect(await revealBy(key)).toMatchObject({ value: 'kept by the old server' })
  })

  it('gives a secret and a receipt whole seconds, whatever fraction the old server granted', async () => {
    const old = oldSecret({ lifespan: seconds(OLD_TTL + 0.3) })
    const lone = oldReceipt({ state: 'revealed', secretTtl: seconds(OLD_TTL + 0.3) })
    expect([await importSecret(context, old), await importReceipt(context, lone)]).toEqual([MOVED, MOVED])
    for (const key of [old.receiptKey ?? '', lone.key]) {
      const receipt = await viewReceipt(stage.secrets(), parseReceiptKey(key), 'observer', ANYBODY)
      expect(receipt.ttl).toBe(OLD_TTL)
    }
  })

  it('does not take the key of a secret for that of a receipt, or one for another', async () => {
    const old = oldSecret()
    await importSecret(context, old)
    await expect(revealBy(old.receiptKey ?? '')).rejects.toEqual(UNKNOWN)
    await expect(view(old.key)).rejects.toEqual(UNKNOWN)
    for (const key of [old.key.slice(1), old.key.slice(0, 31), `${old.key.slice(0, -1)}`, oldKey()])
      await expect(revealBy(key)).rejects.toEqual(UNKNOWN)
    expect(await revealBy(old.key)).toMatchObject({ value: 'kept by the old server' })
  })

  describe('repeated', () => {
    it('moves each secret once, and brings none back that was revealed or burned here', async () => {
      const [unread, read, burned] = [oldSecret(), oldSecret(), oldSecret()]
      for (const old of [unread, read, burned]) expect(await importSecret(context, old)).toEqual(MOVED)
      await revealBy(read.key)
      await burn(secrets, withReceipt(parseReceiptKey(burned.receiptKey ?? '')))
      stage.advance(OLD_TTL * 1000 - 3_600_001)
      for (const old of [unread, read, burned]) expect(await importSecret(context, old)).toEqual(ALREADY)
      expect(await countPairs()).toBe(3)
      for (const { key } of [read, burned]) await expect(revealBy(key)).rejects.toEqual(UNKNOWN)
      expect(await revealBy(unread.key)).toMatchObject({ value: 'kept by the old server' })
    })

    it.each([1, 2, 3])('completes what was interrupted before its write number %i', async (count) => {
      const old = oldSecret()
      await expect(importSecret(interruptedBefore(context, count), old)).rejects.toThrow('killed')
      await expect(revealBy(old.key)).rejects.toEqual(UNKNOWN)
      expect(await importSecret(context, old)).toEqual(MOVED)
      expect(await importSecret(context, old)).toEqual(ALREADY)
      expect(await view(old.receiptKey ?? '')).toMatchObject({ state: 'new', secretKey: old.key })
      expect(await revealBy(old.key)).toMatchObject({ value: 'kept by the old server' })
      expect(await view(old.receiptKey ?? '')).toMatchObject({ state: 'received' })
      await expect(revealBy(old.key)).rejects.toEqual(UNKNOWN)
    })

    it('does not bring back what was burned by its receipt before the import was completed', async () => {
      const old = oldSecret()
      await expect(importSecret(interruptedBefore(context, 3), old)).rejects.toThrow('killed')
      await burn(secrets, withReceipt(parseReceiptKey(old.receiptKey ?? '')))
      expect(await importSecret(context, old)).toEqual(MOVED)
      await expect(revealBy(old.key)).rejects.toEqual(UNKNOWN)
    })

    it('leaves one pair of records when run twice at once, to which both links lead', async () => {
      const [old, { receipt: _, receiptKey: __, ...bare }] = [oldSecret(), oldSecret()]
      for (const each of [old, bare]) {
        const before = await countPairs()
        const results = await Promise.all(Array.from({ length: 8 }, () => importSecret(context, each)))
        expect(results.filter(({ kind }) => kind === 'moved')).toHaveLength(1)
        expect(await countPairs()).toBe(before + 1)
        const reveals = await Promise.allSettled([revealBy(each.key), revealBy(each.key)])
        expect(reveals.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      }
      expect(await view(old.receiptKey ?? '')).toMatchObject({ state: 'received' })
    })

    it('recognises a secret without TTL long after its records have expired here', async () => {
      const old = oldSecret({ lifespan: seconds(60), expires: later(START, 1000) })
      expect(await importSecret(context, old)).toEqual(MOVED)
      await revealBy(old.key)
      stage.advance(365 * 86_400_000)
      const again = { ...old, expires: later(stage.clock.now, 1000) }
      expect(await importSecret(context, again)).toEqual(ALREADY)
      await expect(revealBy(old.key)).rejects.toEqual(UNKNOWN)
    })
  })

  it('gives each of two secrets that name one receipt a pair of its own', async () => {
    const receipt = oldReceipt()
    const [first, second] = [oldSecret({ receipt }), oldSecret({ receipt })]
    for (const old of [first, second, second]) await importSecret(context, old)
    expect(await view(receipt.key)).toMatchObject({ secretKey: first.key })
    for (const { key } of [first, second])
      expect(await revealBy(key)).toMatchObject({ value: 'kept by the old server' })
  })

  it('moves a secret whose receipt came first, as one whose secret is lost', async () => {
    const old = oldSecret()
    expect(old.receipt && (await importReceipt(context, old.receipt))).toEqual(MOVED)
    expect(await view(old.receiptKey ?? '')).toMatchObject({ state: 'orphaned' })
    expect(await importSecret(context, old)).toEqual(MOVED)
    expect(await revealBy(old.key)).toMatchObject({ value: 'kept by the old server' })
  })

  it.each(['revealed', 'burned'] as const)('does not move a secret whose receipt says %s', async (state) => {
    const old = oldSecret({ receipt: oldReceipt({ state }) })
    expect(await importSecret(context, old)).toEqual(MOVED)
    await expect(revealBy(old.key)).rejects.toEqual(UNKNOWN)
    expect(await view(old.receiptKey ?? '')).toMatchObject({
      state: state === 'revealed' ? 'received' : 'burned',
    })
  })

  it.each<[string, Partial<OldSecret>, object]>([
    ['expired', { expires: START }, { kind: 'expired' }],
    ['with an empty key', { key: '' }, { kind: 'damaged', reason: 'malformed' }],
    ['with a key that is too long', { key: oldKey(63) }, { kind: 'damaged', reason: 'malformed' }],
    ['with a key in capitals', { key: 'ABC' }, { kind: 'damaged', reason: 'malformed' }],
    ['without a time', { created: Number.NaN }, { kind: 'damaged', reason: 'malformed' }],
    ['from after its expiry', { created: 9e9 }, { kind: 'damaged', reason: 'malformed' }],
    [
      'of another site secret',
      { ciphertext: { kind: 'cbc', mode: 2, value: Buffer.alloc(32, 7) } },
      { kind: 'damaged', reason: 'does_not_open' },
    ],
    [
      'cut in the middle of a block',
      {
        ciphertext: { kind: 'cbc', mode: 2, value: Buffer.alloc(31) },
        passphraseDigest: `$2a$04$${'a'.repeat(53)}`,
      },
      { kind: 'damaged', reason: 'does_not_open' },
    ],
    [
      'of an unknown mode',
      { ciphertext: { kind: 'cbc', mode: 7 as 2, value: Buffer.alloc(32) } },
      { kind: 'damaged', reason: 'unknown_algorithm' },
    ],
    [
      'of an unknown algorithm',
      {
        ciphertext: {
          kind: 'envelope',
          algorithm: 'rot13',
          nonce: Buffer.alloc(12),
          ciphertext: Buffer.alloc(1),
          tag: Buffer.alloc(16),
          keyVersion: 'v1',
        },
      },
      { kind: 'damaged', reason: 'unknown_algorithm' },
    ],
    ['with an empty digest', { passphraseDigest: '' }, { kind: 'damaged', reason: 'unknown_digest' }],
    [
      'with a digest that takes hours',
      { passphraseDigest: `$2a$31$${'a'.repeat(53)}` },
      { kind: 'damaged', reason: 'unknown_digest' },
    ],
    [
      'with a digest of a kind that nothing reads',
      { passphraseDigest: `$2x$04$${'a'.repeat(53)}` },
      { kind: 'damaged', reason: 'unknown_digest' },
    ],
    [
      'with a digest that has too little memory for its lanes',
      { passphraseDigest: '$argon2id$v=19$m=8,t=2,p=2$c29tZXNhbHQ$aGFzaGhhc2g' },
      { kind: 'damaged', reason: 'unknown_digest' },
    ],
    [
      'with a digest that takes all memory',
      { passphraseDigest: '$argon2id$v=19$m=999999999,t=2,p=1$c29tZXNhbHQ$aGFzaGhhc2g' },
      { kind: 'damaged', reason: 'unknown_digest' },
    ],
  ])('says what is wrong with a secret %s, and stores nothing', async (_, changes, result) => {
    expect(await importSecret(context, oldSecret(changes))).toEqual(result)
    expect(await countPairs()).toBe(0)
    expect((await stage.store.imports.allAliases()[Symbol.asyncIterator]().next()).done).toBe(true)
  })

  it('moves a text of 10 MB, and an empty one', async () => {
    for (const text of ['x'.repeat(10_000_000), '']) {
      const old = oldSecret({ ciphertext: { kind: 'cbc', mode: 0, value: Buffer.from(text) } })
      expect(await importSecret(context, old)).toEqual(MOVED)
      expect((await revealBy(old.key)).value === text).toBe(true)
    }
  })
})
