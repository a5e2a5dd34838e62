import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { burn } from '../../src/secrets/burn.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import {
  ANYBODY,
  failure,
  NEWER_ROOT,
  newSecret,
  openStage,
  ROOT,
  type Stage,
  withLink,
  withReceipt,
} from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

describe('a rotated root key (src/crypto/SPEC.md section 8)', () => {
  it.each(['', 'open up'])(
    'leaves secrets under the older root key available, passphrase %j',
    async (passphrase) => {
      const details = { custid: 'me@example.com' }
      const old = await storeNewSecret(stage.secrets(ROOT), newSecret({ passphrase, ...details }))
      const both = stage.secrets(NEWER_ROOT, ROOT)
      expect(await viewReceipt(both, old.receiptKey, 'observer', ANYBODY)).toEqual(old)
      expect(await reveal(both, withLink(old.secretKey, { passphrase }))).toEqual({
        value: newSecret().value,
      })
    },
  )

  it('seals new secrets under the first root key of the ring', async () => {
    const { secretKey } = await storeNewSecret(stage.secrets(NEWER_ROOT, ROOT), newSecret())
    await expect(reveal(stage.secrets(ROOT), withLink(secretKey))).rejects.toEqual(
      failure('unreadable_record'),
    )
    expect(await reveal(stage.secrets(NEWER_ROOT), withLink(secretKey))).toEqual({ value: newSecret().value })
  })

  it('lets a process that still seals under the older root key reveal what others sealed under the newer', async () => {
    const { secretKey } = await storeNewSecret(stage.secrets(NEWER_ROOT, ROOT), newSecret())
    const waiting = stage.secrets(ROOT, NEWER_ROOT)
    expect(await reveal(waiting, withLink(secretKey))).toEqual({ value: newSecret().value })
  })
})

describe('a missing root key (src/crypto/SPEC.md section 8)', () => {
  it.each(['', 'open up'])(
    'leaves its secrets as they were until it is back, passphrase %j',
    async (passphrase) => {
      const receipt = await storeNewSecret(stage.secrets(ROOT), newSecret({ passphrase }))
      const without = stage.secrets(NEWER_ROOT)
      const claimant = withLink(receipt.secretKey, { passphrase })
      for (let index = 0; index < 6; index += 1) {
        await expect(reveal(without, claimant)).rejects.toEqual(failure('unreadable_record'))
        await expect(burn(without, withReceipt(receipt.receiptKey, { passphrase }))).rejects.toEqual(
          failure('unreadable_record'),
        )
      }
      expect(await viewReceipt(without, receipt.receiptKey, 'observer', ANYBODY)).toEqual(receipt)
      expect(await reveal(stage.secrets(NEWER_ROOT, ROOT), claimant)).toEqual({ value: newSecret().value })
    },
  )

  it('makes a receipt with details unreadable instead of leaving them out', async () => {
    const receipt = await storeNewSecret(stage.secrets(ROOT), newSecret({ custid: 'me@example.com' }))
    await expect(
      viewReceipt(stage.secrets(NEWER_ROOT), receipt.receiptKey, 'observer', ANYBODY),
    ).rejects.toEqual(failure('unreadable_record'))
    expect(await viewReceipt(stage.secrets(ROOT), receipt.receiptKey, 'observer', ANYBODY)).toEqual(receipt)
  })
})
