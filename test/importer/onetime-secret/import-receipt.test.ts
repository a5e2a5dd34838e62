import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importReceipt } from '../../../src/importer/onetime-secret/import-receipt.ts'
import { parseReceiptKey, parseSecretKey } from '../../../src/secrets/keys.ts'
import { viewReceipt } from '../../../src/secrets/receipt.ts'
import { reveal } from '../../../src/secrets/reveal.ts'
import { milliseconds } from '../../../src/time.ts'
import { ANYBODY, failure, openStage, START, type Stage, withLink } from '../../secrets/stage.ts'
import { interruptedBefore } from './interrupted.ts'
import { importInto, OLD_TTL, oldKey, oldReceipt } from './old.ts'

const MOVED = { kind: 'moved' }
const ALREADY = { kind: 'already' }
const UNKNOWN = failure('unknown_secret')

describe('importReceipt', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await openStage()
  })
  afterEach(() => stage.close())

  const [createdAt, early] = [START / 1000 - 3600, START / 1000 - 1800.25]

  it.each([
    ['revealed', { revealed: early }, { state: 'received', updated: early * 1000 }],
    ['burned', { burned: early }, { state: 'burned', updated: early * 1000 }],
    ['burned', { updated: early }, { state: 'burned', updated: early * 1000 }],
    ['expired', { updated: early }, { state: 'expired', updated: early * 1000 }],
    ['orphaned', {}, { state: 'orphaned', updated: createdAt * 1000 }],
    ['new', {}, { state: 'orphaned', updated: createdAt * 1000 }],
    ['previewed', {}, { state: 'orphaned', updated: createdAt * 1000 }],
  ] as const)('moves a receipt that says %s with %j', async (state, times, expected) => {
    const old = oldReceipt({
      state,
      ...times,
      hasPassphrase: true,
      secretKey: oldKey(),
      custid: 'a@example.com',
    })
    expect(await importReceipt(importInto(stage), old)).toEqual(MOVED)
    expect(await importReceipt(importInto(stage), old)).toEqual(ALREADY)
    const view = () => viewReceipt(stage.secrets(), parseReceiptKey(old.key), 'sender', ANYBODY)
    const { secretKey, ...receipt } = await view()
    expect(secretKey).toBeUndefined()
    expect(receipt).toMatchObject({
      ...expected,
      receiptKey: old.key,
      created: createdAt * 1000,
      ttl: OLD_TTL,
      custid: 'a@example.com',
      passphraseRequired: true,
      imported: { linkKey: old.secretKey },
    })
    expect(await view()).toEqual(receipt)
    const claimant = withLink(parseSecretKey(old.secretKey ?? ''), { passphrase: 'x' })
    await expect(reveal(stage.secrets(), claimant)).rejects.toEqual(UNKNOWN)
    stage.advance(old.expires - START)
    await expect(view()).rejects.toEqual(UNKNOWN)
  })

  it('completes what was interrupted', async () => {
    for (const count of [1, 2]) {
      const old = oldReceipt({ state: 'burned' })
      await expect(importReceipt(interruptedBefore(importInto(stage), count), old)).rejects.toThrow('killed')
      expect(await importReceipt(importInto(stage), old)).toEqual(MOVED)
      const { state } = await viewReceipt(stage.secrets(), parseReceiptKey(old.key), 'observer', ANYBODY)
      expect(state).toBe('burned')
    }
  })

  it.each([
    [{ key: 'NO' }, 'damaged'],
    [{ created: Number.NaN }, 'damaged'],
    [{ expires: milliseconds(0) }, 'expired'],
  ])('rejects %j as %s', async (changes, kind) => {
    expect(await importReceipt(importInto(stage), oldReceipt(changes))).toMatchObject({ kind })
  })
})
