import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPassphraseHasher } from '../../src/crypto/passphrase.ts'
import { UNLIMITED } from '../../src/limits/admission.ts'
import { attemptFrom } from '../../src/secrets/attempts.ts'
import { burn } from '../../src/secrets/burn.ts'
import { claimSecret } from '../../src/secrets/claim.ts'
import { clearFailedAttempts, countFailedAttempts } from '../../src/secrets/failed-attempts.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { type Receipt, viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { seconds } from '../../src/time.ts'
import { later } from '../support/time.ts'
import {
  ANYBODY,
  failure,
  MINUTE,
  newSecret,
  openStage,
  START,
  type Stage,
  withLink,
  withReceipt,
} from './stage.ts'

const PASSPHRASE = 'open up'
const UNKNOWN = failure('unknown_secret')

describe('passphrase attempts (docs/api/v1.md section 5, 429)', () => {
  let stage: Stage
  let receipt: Receipt
  beforeEach(async () => {
    stage = await openStage()
    const secret = newSecret({ passphrase: PASSPHRASE, ttl: seconds(86_400) })
    receipt = await storeNewSecret(stage.secrets(), secret)
    stage.hashed.count = 0
  })
  afterEach(() => stage.close())

  const attempt = (network: string, passphrase: string) =>
    reveal(stage.secrets(), withLink(receipt.secretKey, { network, passphrase }))
  const attemptWrong = async (times: number, network: (index: number) => string) => {
    for (let index = 0; index < times; index += 1)
      await expect(attempt(network(index), `wrong ${index}`)).rejects.toEqual(UNKNOWN)
  }

  it('F11: allows a client network 5 attempts in 10 minutes, and rejects the next unhashed, right or wrong', async () => {
    await attemptWrong(5, () => '192.0.2.1')
    expect(stage.hashed.count).toBe(5)
    stage.clock.now = later(START, 4 * MINUTE)
    for (const passphrase of ['wrong', PASSPHRASE]) {
      await expect(attempt('192.0.2.1', passphrase)).rejects.toEqual(
        failure('rate_limited', { retryAfter: 6 * 60 }),
      )
    }
    expect(stage.hashed.count).toBe(5)

    stage.clock.now = later(START, 10 * MINUTE)
    expect(await attempt('192.0.2.1', PASSPHRASE)).toEqual({ value: newSecret().value })
  })

  it('returns how many attempts a client network has left, within its own limit and that of the secret', async () => {
    const claim = (network: string, passphrase = 'wrong') =>
      claimSecret(stage.secrets(), withLink(receipt.secretKey, { network, passphrase }), 'received')
    for (const attemptsLeft of [4, 3, 2, 1])
      expect(await claim('192.0.2.1')).toEqual({ kind: 'wrong_passphrase', attemptsLeft })
    const last = { kind: 'wrong_passphrase', attemptsLeft: 0, retryAfter: 600 }
    expect(await claim('192.0.2.1')).toEqual(last)
    expect(await claim('192.0.2.1', '')).toEqual({ kind: 'wrong_passphrase' })
    await attemptWrong(12, (index) => `198.51.100.${index}`)
    expect(await claim('192.0.2.2')).toEqual({ kind: 'wrong_passphrase', attemptsLeft: 2 })
  })

  it('F10: does not let one client network lock another out', async () => {
    await attemptWrong(5, () => '192.0.2.1')
    await expect(attempt('192.0.2.1', PASSPHRASE)).rejects.toEqual(failure('rate_limited'))
    expect(await attempt('192.0.2.2', PASSPHRASE)).toEqual({ value: newSecret().value })
  })

  it('F10: takes one attempt a minute, from new client networks only, after 20 attempts in 30 minutes', async () => {
    await attemptWrong(20, (index) => `192.0.2.${index}`)
    await expect(attempt('192.0.2.0', PASSPHRASE)).rejects.toEqual(
      failure('rate_limited', { retryAfter: 30 * 60 }),
    )
    await attemptWrong(1, () => '198.51.100.1')
    await expect(attempt('198.51.100.2', PASSPHRASE)).rejects.toEqual(
      failure('rate_limited', { retryAfter: 60 }),
    )
    expect(stage.hashed.count).toBe(21)
    stage.clock.now = later(START, MINUTE)
    expect(await attempt('198.51.100.2', PASSPHRASE)).toEqual({ value: newSecret().value })
  })

  it('counts simultaneous attempts before any of them is hashed', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => attempt('192.0.2.1', `wrong ${index}`)),
    )
    const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'revealed'))
    expect(codes.toSorted()).toEqual([
      ...Array.from({ length: 25 }, () => 'rate_limited'),
      ...Array.from({ length: 5 }, () => 'unknown_secret'),
    ])
    expect(stage.hashed.count).toBe(5)
  })

  it('F10: counts attempts to burn apart from attempts to reveal', async () => {
    const attemptBurn = (passphrase: string) =>
      burn(stage.secrets(), withReceipt(receipt.receiptKey, { passphrase }))
    await attemptWrong(20, (index) => `192.0.2.${index}`)
    for (let index = 0; index < 5; index += 1) {
      await expect(attemptBurn(`wrong ${index}`)).rejects.toEqual(failure('incorrect_passphrase'))
    }
    await expect(attemptBurn(PASSPHRASE)).rejects.toEqual(failure('rate_limited'))
    expect(await attempt('198.51.100.1', PASSPHRASE)).toEqual({ value: newSecret().value })
  })

  it('F10: lets all of many right passphrases from one client network reach the claim, and one of them win', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, () => attempt('192.0.2.1', PASSPHRASE)),
    )
    const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'revealed'))
    expect(codes.toSorted()).toEqual(['revealed', ...Array.from({ length: 11 }, () => 'unknown_secret')])
  })

  it('rejects attempts from one client network while too many of them wait', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => attempt('192.0.2.1', `wrong ${index}`)),
    )
    const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'revealed'))
    expect(codes.filter((code) => code === 'overloaded')).toHaveLength(8)
    expect(stage.hashed.count).toBe(5)
    await expect(attempt('192.0.2.1', PASSPHRASE)).rejects.toEqual(failure('rate_limited'))
  })

  it('counts failed attempts for the sender, who can clear them', async () => {
    await attemptWrong(5, () => '192.0.2.1')
    await attemptWrong(2, () => '192.0.2.2')
    expect(await countFailedAttempts(stage.secrets(), receipt)).toBe(7)
    await clearFailedAttempts(stage.secrets(), receipt.receiptKey, { admission: UNLIMITED, actor: ANYBODY })
    expect(await countFailedAttempts(stage.secrets(), receipt)).toBe(0)
    expect(await attempt('192.0.2.1', PASSPHRASE)).toEqual({ value: newSecret().value })
  })

  it('neither counts nor hashes a missing passphrase', async () => {
    for (let index = 0; index < 30; index += 1)
      await expect(attempt('192.0.2.1', '')).rejects.toEqual(UNKNOWN)
    expect(stage.hashed.count).toBe(0)
    expect(await attempt('192.0.2.1', PASSPHRASE)).toEqual({ value: newSecret().value })
  })

  it('F2: leaves the secret as it was after any number of wrong passphrases', async () => {
    await attemptWrong(20, (index) => `192.0.2.${index}`)
    await expect(attempt('192.0.2.1', PASSPHRASE)).rejects.toEqual(failure('rate_limited'))
    expect(await viewReceipt(stage.secrets(), receipt.receiptKey, 'observer', ANYBODY)).toEqual(receipt)
  })

  it('does not count an attempt that was rejected because too many were being checked', async () => {
    const hasher = createPassphraseHasher({ memory: 8192, time: 2 }, 1, 0)
    const busy = hasher.stretch('somebody else', { purpose: 'claim', network: '192.0.2.1' })
    const context = { ...stage.secrets(), hasher }
    const claimant = withLink(receipt.secretKey, { passphrase: PASSPHRASE })
    for (let index = 0; index < 10; index += 1)
      await expect(reveal(context, claimant)).rejects.toEqual(failure('overloaded'))
    await busy
    expect(await reveal(context, claimant)).toEqual({ value: newSecret().value })
  })
})

describe('attemptFrom', () => {
  it('names a client network by the same hash each time, never in clear', async () => {
    const stage = await openStage()
    const { ring } = stage.secrets()
    const { network } = attemptFrom(ring, '192.0.2.1')
    expect(network).toMatch(/^[\w-]{16}$/)
    expect(attemptFrom(ring, '192.0.2.1').network).toBe(network)
    expect(attemptFrom(ring, '192.0.2.2').network).not.toBe(network)
    await stage.close()
  })
})
