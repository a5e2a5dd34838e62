import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { burn } from '../../src/secrets/burn.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { failure, NEWER_ROOT, newSecret, openStage, ROOT, type Stage, withLink } from './stage.ts'

describe('a root key that is rotated (SPEC 8)', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await openStage()
  })
  afterEach(() => stage.close())

  it.each(['', 'open up'])('leaves secrets of the older one readable, passphrase %j', async (passphrase) => {
    const details = { custid: 'me@example.com' }
    const old = await storeNewSecret(stage.secrets(ROOT), newSecret({ passphrase, ...details }))
    const both = stage.secrets(NEWER_ROOT, ROOT)
    expect(await viewReceipt(both, old.receiptKey, 'observer')).toEqual(old)
    expect(await reveal(both, withLink(old.secretKey, { passphrase }))).toEqual({ value: newSecret().value })
  })

  it('seals with the newer one', async () => {
    const { secretKey } = await storeNewSecret(stage.secrets(NEWER_ROOT, ROOT), newSecret())
    await expect(reveal(stage.secrets(ROOT), withLink(secretKey))).rejects.toEqual(
      failure('unreadable_record'),
    )
    expect(await reveal(stage.secrets(NEWER_ROOT), withLink(secretKey))).toEqual({ value: newSecret().value })
  })

  it('lets a process that does not seal with the newer one yet read what others sealed with it', async () => {
    const { secretKey } = await storeNewSecret(stage.secrets(NEWER_ROOT, ROOT), newSecret())
    const waiting = stage.secrets(ROOT, NEWER_ROOT)
    expect(await reveal(waiting, withLink(secretKey))).toEqual({ value: newSecret().value })
  })
})

describe('a root key that is missing (SPEC 8)', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await openStage()
  })
  afterEach(() => stage.close())

  it.each(['', 'open up'])(
    'costs nothing: the secret is there again with its key, passphrase %j',
    async (passphrase) => {
      const metadata = await storeNewSecret(stage.secrets(ROOT), newSecret({ passphrase }))
      const without = stage.secrets(NEWER_ROOT)
      const claimant = withLink(metadata.secretKey, { passphrase })
      for (let index = 0; index < 6; index += 1) {
        await expect(reveal(without, claimant)).rejects.toEqual(failure('unreadable_record'))
        await expect(burn(without, { ...claimant, receiptKey: metadata.receiptKey })).rejects.toEqual(
          failure('unreadable_record'),
        )
      }
      expect(await viewReceipt(without, metadata.receiptKey, 'observer')).toEqual(metadata)
      expect(await reveal(stage.secrets(NEWER_ROOT, ROOT), claimant)).toEqual({ value: newSecret().value })
    },
  )

  it('says so of details that it sealed, instead of leaving them out', async () => {
    const metadata = await storeNewSecret(stage.secrets(ROOT), newSecret({ custid: 'me@example.com' }))
    await expect(viewReceipt(stage.secrets(NEWER_ROOT), metadata.receiptKey, 'observer')).rejects.toEqual(
      failure('unreadable_record'),
    )
    expect(await viewReceipt(stage.secrets(ROOT), metadata.receiptKey, 'observer')).toEqual(metadata)
  })
})
