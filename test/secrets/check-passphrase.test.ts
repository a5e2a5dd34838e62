import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdmission } from '../../src/limits/admission.ts'
import { checkPassphrase } from '../../src/secrets/check-passphrase.ts'
import type { SecretEvent } from '../../src/secrets/events.ts'
import { countFailedAttempts } from '../../src/secrets/failed-attempts.ts'
import { newReceiptKey, secretKeyOf } from '../../src/secrets/keys.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { milliseconds } from '../../src/time.ts'
import { ANYBODY, failure, newSecret, openStage, SECOND, type Stage, withLink } from './stage.ts'

describe('checkPassphrase', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await openStage()
  })
  afterEach(() => stage.close())

  const store = (passphrase = '') => storeNewSecret(stage.secrets(), newSecret({ passphrase }))

  it.each(['', 'open up'])(
    'accepts the right passphrase, and leaves the secret available: %j',
    async (passphrase) => {
      const receipt = await store(passphrase)
      const claimant = withLink(receipt.secretKey, { passphrase })
      expect(await checkPassphrase(stage.secrets(), claimant, 'received')).toEqual({
        passphraseRequired: passphrase !== '',
        created: receipt.created,
        ttl: 3600,
        secretTtl: 3600,
      })
      expect(await viewReceipt(stage.secrets(), receipt.receiptKey, 'observer', ANYBODY)).toEqual(receipt)
      expect(await reveal(stage.secrets(), claimant)).toMatchObject({ value: newSecret().value })
    },
  )

  it('accepts any passphrase for a secret without one, as a reveal does', async () => {
    const { secretKey } = await store()
    const claimant = withLink(secretKey, { passphrase: 'open up' })
    expect(await checkPassphrase(stage.secrets(), claimant, 'received')).toMatchObject({
      passphraseRequired: false,
    })
    expect(await reveal(stage.secrets(), claimant)).toMatchObject({ value: newSecret().value })
  })

  it.each(['', 'wrong'])('rejects the passphrase %j and reports the event', async (passphrase) => {
    const { secretKey } = await store('open up')
    const events: SecretEvent[] = []
    const secrets = { ...stage.secrets(), onEvent: (event: SecretEvent) => void events.push(event) }
    await expect(checkPassphrase(secrets, withLink(secretKey, { passphrase }), 'received')).rejects.toEqual(
      failure('incorrect_passphrase'),
    )
    expect(events).toEqual(['wrong_passphrase'])
  })

  it('tells a caller beyond the rate limit nothing, and counts no attempt', async () => {
    const { secretKey, receiptKey } = await store('open up')
    const quota = { bucket: 'caller', limit: { limit: 1, windowMs: milliseconds(60_000) } }
    const check = (key: typeof secretKey, passphrase: string) => {
      const admission = createAdmission(stage.store.rates, quota, () => stage.clock.now)
      return checkPassphrase(stage.secrets(), withLink(key, { passphrase, admission }), 'received')
    }
    await check(secretKey, 'open up')
    const before = stage.hashed.count
    for (const key of [secretKey, secretKeyOf(newReceiptKey())])
      for (const passphrase of ['', 'wrong', 'open up'])
        await expect(check(key, passphrase)).rejects.toEqual(failure('rate_limited', { retryAfter: 60 }))
    expect(stage.hashed.count).toBe(before)
    expect(await countFailedAttempts(stage.secrets(), { receiptKey })).toBe(1)
  })

  it('counts each passphrase as an attempt for its outcome, right or wrong', async () => {
    const { secretKey } = await store('open up')
    const attempt = (passphrase: string, outcome: 'received' | 'burned') =>
      checkPassphrase(stage.secrets(), withLink(secretKey, { passphrase }), outcome)
    for (let i = 0; i < 3; i += 1) await attempt('open up', 'received')
    for (let i = 0; i < 2; i += 1) {
      await expect(attempt('wrong', 'received')).rejects.toEqual(failure('incorrect_passphrase'))
    }
    await expect(attempt('open up', 'received')).rejects.toEqual(
      failure('rate_limited', { retryAfter: 600, maxAttempts: 5 }),
    )
    expect(await attempt('open up', 'burned')).toMatchObject({ passphraseRequired: true })
  })

  it('takes turns with a reveal, so that right passphrases sent at once are not one too many', async () => {
    const { secretKey } = await store('open up')
    const claimant = withLink(secretKey, { passphrase: 'open up' })
    const revealed = reveal(stage.secrets(), claimant)
    const checks = Array.from({ length: 6 }, () => checkPassphrase(stage.secrets(), claimant, 'received'))
    const settled = await Promise.allSettled(checks)
    expect(await revealed).toMatchObject({ value: newSecret().value })
    for (const check of settled) {
      expect(check).toEqual({ status: 'rejected', reason: failure('unknown_secret') })
    }
  })

  it('reports a secret that was revealed or has expired as unknown', async () => {
    const [revealed, expired] = [await store('open up'), await store()]
    await reveal(stage.secrets(), withLink(revealed.secretKey, { passphrase: 'open up' }))
    stage.advance(3600 * SECOND)
    for (const { receiptKey } of [revealed, expired]) {
      const claimant = withLink(secretKeyOf(receiptKey), { passphrase: 'open up' })
      await expect(checkPassphrase(stage.secrets(), claimant, 'received')).rejects.toEqual(
        failure('unknown_secret'),
      )
    }
  })
})
