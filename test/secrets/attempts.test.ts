import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPassphraseHasher } from '../../src/crypto/passphrase.ts'
import { guessFrom } from '../../src/secrets/attempts.ts'
import { burn } from '../../src/secrets/burn.ts'
import { claimSecret } from '../../src/secrets/claim.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { type Receipt, viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { failure, MINUTE, newSecret, openStage, START, type Stage, withLink } from './stage.ts'

const PASSPHRASE = 'open up'
const UNKNOWN = failure('unknown_secret')

describe('wrong passphrases (v1-api 5: 429)', () => {
  let stage: Stage
  let metadata: Receipt
  beforeEach(async () => {
    stage = await openStage()
    metadata = await storeNewSecret(stage.secrets(), newSecret({ passphrase: PASSPHRASE, ttl: 86_400 }))
    stage.hashed.count = 0
  })
  afterEach(() => stage.close())

  const guess = (address: string, passphrase: string) =>
    reveal(stage.secrets(), withLink(metadata.secretKey, { address, passphrase }))
  const guessWrong = async (times: number, address: (index: number) => string) => {
    for (let index = 0; index < times; index += 1)
      await expect(guess(address(index), `wrong ${index}`)).rejects.toEqual(UNKNOWN)
  }

  it('F11: 5 in 10 minutes from one address; the next is refused unhashed, even the right one', async () => {
    await guessWrong(5, () => '192.0.2.1')
    expect(stage.hashed.count).toBe(5)
    stage.clock.now = START + 4 * MINUTE
    for (const passphrase of ['wrong', PASSPHRASE]) {
      await expect(guess('192.0.2.1', passphrase)).rejects.toEqual(
        failure('rate_limited', { retryAfter: 6 * 60 }),
      )
    }
    expect(stage.hashed.count).toBe(5)

    stage.clock.now = START + 10 * MINUTE
    expect(await guess('192.0.2.1', PASSPHRASE)).toEqual({ value: newSecret().value })
  })

  it('says how many are left, for that address or for all', async () => {
    const left = (address: string, passphrase = 'wrong') =>
      claimSecret(stage.secrets(), withLink(metadata.secretKey, { address, passphrase }), 'received')
    for (const attemptsLeft of [4, 3, 2, 1, 0])
      expect(await left('192.0.2.1')).toEqual({ kind: 'wrong_passphrase', attemptsLeft })
    expect(await left('192.0.2.1', '')).toEqual({ kind: 'wrong_passphrase' })
    await guessWrong(12, (index) => `198.51.100.${index}`)
    expect(await left('192.0.2.2')).toEqual({ kind: 'wrong_passphrase', attemptsLeft: 2 })
  })

  it('F10: one address does not lock another out', async () => {
    await guessWrong(5, () => '192.0.2.1')
    await expect(guess('192.0.2.1', PASSPHRASE)).rejects.toEqual(failure('rate_limited'))
    expect(await guess('192.0.2.2', PASSPHRASE)).toEqual({ value: newSecret().value })
  })

  it('F11: 20 in 30 minutes from all addresses together', async () => {
    await guessWrong(20, (index) => `192.0.2.${index}`)
    stage.clock.now = START + 29 * MINUTE
    await expect(guess('198.51.100.1', PASSPHRASE)).rejects.toEqual(
      failure('rate_limited', { retryAfter: 60 }),
    )
    expect(stage.hashed.count).toBe(20)
    stage.clock.now = START + 30 * MINUTE
    expect(await guess('198.51.100.1', PASSPHRASE)).toEqual({ value: newSecret().value })
  })

  it('counts guesses that come at once, before any of them is hashed', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => guess('192.0.2.1', `wrong ${index}`)),
    )
    const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'opened'))
    expect(codes.toSorted()).toEqual([
      ...Array.from({ length: 25 }, () => 'rate_limited'),
      ...Array.from({ length: 5 }, () => 'unknown_secret'),
    ])
    expect(stage.hashed.count).toBe(5)
  })

  it('counts burns with reveals', async () => {
    const burner = (passphrase: string) => ({
      ...withLink('', { passphrase }),
      receiptKey: metadata.receiptKey,
    })
    for (let index = 0; index < 5; index += 1) {
      await expect(burn(stage.secrets(), burner(`wrong ${index}`))).rejects.toEqual(
        failure('incorrect_passphrase'),
      )
    }
    await expect(burn(stage.secrets(), burner(PASSPHRASE))).rejects.toEqual(failure('rate_limited'))
    await expect(guess('192.0.2.1', PASSPHRASE)).rejects.toEqual(failure('rate_limited'))
  })

  it('counts no missing passphrase, and hashes none', async () => {
    for (let index = 0; index < 30; index += 1) await expect(guess('192.0.2.1', '')).rejects.toEqual(UNKNOWN)
    expect(stage.hashed.count).toBe(0)
    expect(await guess('192.0.2.1', PASSPHRASE)).toEqual({ value: newSecret().value })
  })

  it('F2: leaves the secret as it was however often it is guessed at', async () => {
    await guessWrong(20, (index) => `192.0.2.${index}`)
    await expect(guess('192.0.2.1', PASSPHRASE)).rejects.toEqual(failure('rate_limited'))
    expect(await viewReceipt(stage.secrets(), metadata.receiptKey, 'observer')).toEqual(metadata)
  })

  it('does not count a guess that was turned away because too many are being checked', async () => {
    const hasher = createPassphraseHasher({ memory: 8192, time: 2 }, 1, 0)
    const busy = hasher.stretch('somebody else')
    const context = { ...stage.secrets(), hasher }
    const claimant = withLink(metadata.secretKey, { passphrase: PASSPHRASE })
    for (let index = 0; index < 10; index += 1)
      await expect(reveal(context, claimant)).rejects.toEqual(failure('overloaded'))
    await busy
    expect(await reveal(context, claimant)).toEqual({ value: newSecret().value })
  })
})

describe('guessFrom', () => {
  it('names an address alike each time, and never in clear', async () => {
    const stage = await openStage()
    const { ring } = stage.secrets()
    const { source } = guessFrom(ring, '192.0.2.1')
    expect(source).toMatch(/^[\w-]{16}$/)
    expect(guessFrom(ring, '192.0.2.1').source).toBe(source)
    expect(guessFrom(ring, '192.0.2.2').source).not.toBe(source)
    await stage.close()
  })
})
