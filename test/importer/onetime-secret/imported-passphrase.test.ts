import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importSecret } from '../../../src/importer/onetime-secret/import-secret.ts'
import { burn } from '../../../src/secrets/burn.ts'
import { checkPassphrase } from '../../../src/secrets/check-passphrase.ts'
import { parseReceiptKey, parseSecretKey } from '../../../src/secrets/keys.ts'
import { peekSecret } from '../../../src/secrets/peek.ts'
import { reveal } from '../../../src/secrets/reveal.ts'
import { seconds } from '../../../src/time.ts'
import {
  failure,
  openStage,
  SITE_SECRET,
  START,
  type Stage,
  withLink,
  withReceipt,
} from '../../secrets/stage.ts'
import { later } from '../../support/time.ts'
import { cbc, envelopes, importInto, OLD_TTL, oldProtected, oldSecret, oldSecretOf } from './old.ts'

const MOVED = { kind: 'moved' }
const UNKNOWN = failure('unknown_secret')

describe('an imported secret with a passphrase', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await openStage()
  })
  afterEach(() => stage.close())

  it.each([...cbc.texts, ...envelopes.texts].filter(({ digest }) => digest !== null))(
    'of a real server opens with its passphrase only, which is checked in the queue: $text',
    async ({ passphrase, ...text }) => {
      await importSecret(importInto(stage), oldSecretOf({ passphrase, ...text }))
      const secrets = stage.secrets()
      const secretKey = parseSecretKey(text.key)
      const attempt = (given: string) => reveal(secrets, withLink(secretKey, { passphrase: given }))
      expect(await peekSecret(secrets, secretKey)).toMatchObject({ passphraseRequired: true })
      for (const wrong of ['', 'wrong', passphrase?.normalize('NFD') ?? ''])
        await expect(attempt(wrong)).rejects.toEqual(UNKNOWN)
      expect(await attempt(passphrase ?? '')).toMatchObject({ value: text.text })
      await expect(attempt(passphrase ?? '')).rejects.toEqual(UNKNOWN)
    },
  )

  it.each([1, 2] as const)('in mode %i opens with the site secret that sealed it', async (mode) => {
    const [present, former] = ['another site secret', SITE_SECRET]
    const old = oldProtected('tulip', 'behind a tulip', { siteSecret: former, mode })
    expect(await importSecret(importInto(stage, [present, former]), old)).toEqual(MOVED)
    const claimant = withLink(parseSecretKey(old.key), { passphrase: 'tulip' })
    expect(await reveal(stage.secrets(), claimant)).toMatchObject({ value: 'behind a tulip' })
  })

  it('counts attempts by either link as for any other secret, and is burned with the passphrase', async () => {
    const old = oldProtected('tulip', 'behind a tulip')
    await importSecret(importInto(stage), old)
    const [secretKey, receiptKey] = [parseSecretKey(old.key), parseReceiptKey(old.receiptKey ?? '')]
    const secrets = stage.secrets()
    for (let count = 0; count < 5; count += 1)
      await expect(reveal(secrets, withLink(secretKey, { passphrase: 'rose' }))).rejects.toEqual(UNKNOWN)
    await expect(reveal(secrets, withLink(secretKey, { passphrase: 'tulip' }))).rejects.toEqual(
      failure('rate_limited', { retryAfter: 600, maxAttempts: 5 }),
    )
    await expect(burn(secrets, withReceipt(receiptKey, { passphrase: 'rose' }))).rejects.toEqual(
      failure('incorrect_passphrase'),
    )
    const { receipt } = await burn(secrets, withReceipt(receiptKey, { passphrase: 'tulip' }))
    expect(receipt).toMatchObject({ state: 'burned', passphraseRequired: true })
  })

  it('opens with a site secret that nobody named at the import', async () => {
    const old = oldProtected('tulip', 'behind a tulip', { siteSecret: SITE_SECRET })
    expect(await importSecret(importInto(stage, ['the present one, or a wrong file']), old)).toEqual(MOVED)
    const claimant = withLink(parseSecretKey(old.key), { passphrase: 'tulip' })
    expect(await reveal(stage.secrets(), claimant)).toMatchObject({ value: 'behind a tulip' })
  })

  it('stays while its site secret is missing, which uses up no attempt with the right passphrase', async () => {
    const old = oldProtected('tulip', 'behind a tulip', { siteSecret: 'a site secret that is gone' })
    await importSecret(importInto(stage, ['a site secret that is gone']), old)
    const [secretKey, receiptKey] = [parseSecretKey(old.key), parseReceiptKey(old.receiptKey ?? '')]
    const missing = failure('missing_site_secret')
    const claimant = withLink(secretKey, { passphrase: 'tulip' })
    for (let count = 0; count < 6; count += 1) {
      const tried =
        count < 3 ? reveal(stage.secrets(), claimant) : checkPassphrase(stage.secrets(), claimant, 'received')
      await expect(tried).rejects.toEqual(missing)
      const sender = withReceipt(receiptKey, { passphrase: 'tulip' })
      await expect(burn(stage.secrets(), sender)).rejects.toEqual(missing)
    }
    const wrong = withLink(secretKey, { passphrase: 'rose' })
    for (let count = 0; count < 5; count += 1)
      await expect(reveal(stage.secrets(), wrong)).rejects.toEqual(UNKNOWN)
    await expect(reveal(stage.secrets(), wrong)).rejects.toEqual(
      failure('rate_limited', { retryAfter: 600, maxAttempts: 5 }),
    )
    expect(await peekSecret(stage.secrets(), secretKey)).toMatchObject({ passphraseRequired: true })
    expect(await stage.store.imports.siteSecretAwaited(START)).toBe(old.expires)
  })

  it('waits for no site secret when it needs none', async () => {
    const gates = envelopes.texts.filter(({ digest }) => digest !== null).map(oldSecretOf)
    for (const old of [...gates, oldProtected('tulip', 'behind a tulip', { mode: 1 }), oldSecret()])
      expect(await importSecret(importInto(stage), old)).toEqual(MOVED)
    expect(await stage.store.imports.siteSecretAwaited(START)).toBeUndefined()
  })

  it('makes the store remember the latest expiry among those that wait for a site secret', async () => {
    const early = oldProtected('tulip', 'behind a tulip')
    const lifespan = seconds(OLD_TTL + 3600)
    const expires = later(early.expires, 3_600_000)
    const late = { ...oldProtected('tulip', 'behind a tulip'), lifespan, expires }
    for (const old of [early, late, early]) await importSecret(importInto(stage), old)
    expect(await stage.store.imports.siteSecretAwaited(START)).toBe(late.expires)
  })
})
