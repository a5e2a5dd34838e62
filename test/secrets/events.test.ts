import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UNLIMITED } from '../../src/limits/admission.ts'
import { burn } from '../../src/secrets/burn.ts'
import { checkPassphrase } from '../../src/secrets/check-passphrase.ts'
import type { SecretsContext } from '../../src/secrets/context.ts'
import { clearFailedAttempts } from '../../src/secrets/failed-attempts.ts'
import { newReceiptKey, parseSecretKey, recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import { storeNewSecret, withdrawSecret } from '../../src/secrets/new-secret.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import type { ReceiptRecord } from '../../src/secrets/records.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { seconds } from '../../src/time.ts'
import { later } from '../support/time.ts'
import {
  ANYBODY,
  failure,
  newSecret,
  openStage,
  SECOND,
  START,
  type Stage,
  withLink,
  withReceipt,
} from './stage.ts'

describe('secret events', () => {
  let stage: Stage
  let context: SecretsContext
  let observed: [event: string, id: string][]
  beforeEach(async () => {
    stage = await openStage()
    observed = []
    context = { ...stage.secrets(), onEvent: (event, id) => observed.push([event, id]) }
  })
  afterEach(() => stage.close())

  const store = async (passphrase = '') => {
    const receipt = await storeNewSecret(context, newSecret({ passphrase, ttl: seconds(60) }))
    const { receiptKey } = receipt
    const secretKey = secretKeyOf(receiptKey)
    const id = recordIdOf(secretKey)
    expect(observed.splice(0)).toEqual([['created', id]])
    return { receipt, receiptKey, secretKey, id }
  }

  it.each(['', 'open up'])(
    'report a reveal, a burn and a claim that came too late, passphrase %j',
    async (passphrase) => {
      const [revealed, burned] = [await store(passphrase), await store(passphrase)]
      await reveal(context, withLink(revealed.secretKey, { passphrase }))
      await burn(context, withReceipt(burned.receiptKey, { passphrase }))
      await expect(reveal(context, withLink(revealed.secretKey, { passphrase }))).rejects.toEqual(
        failure('unknown_secret'),
      )
      expect(observed).toEqual([
        ['received', revealed.id],
        ['burned', burned.id],
        ['gone', revealed.id],
      ])
    },
  )

  it('report each wrong or missing passphrase', async () => {
    const { secretKey, id } = await store('open up')
    for (const passphrase of ['', 'wrong'])
      await expect(reveal(context, withLink(secretKey, { passphrase }))).rejects.toEqual(
        failure('unknown_secret'),
      )
    expect(observed).toEqual([
      ['wrong_passphrase', id],
      ['wrong_passphrase', id],
    ])
  })

  it('report a lockout with the last attempt that a client network has, and none after it', async () => {
    const { secretKey } = await store('open up')
    const attempt = (passphrase: string) =>
      reveal(context, withLink(secretKey, { passphrase })).catch(() => 0)
    const reported: number[] = []
    for (let i = 1; i <= 7; i += 1) {
      if (i % 2 === 0) await attempt('wrong')
      else
        await checkPassphrase(context, withLink(secretKey, { passphrase: 'wrong' }), 'received').catch(
          () => 0,
        )
      if (observed.splice(0).some(([event]) => event === 'locked')) reported.push(i)
    }
    expect(reported).toEqual([5])
  })

  it('report that attempts were cleared, if there were any', async () => {
    const { receiptKey, secretKey, id } = await store('open up')
    await clearFailedAttempts(context, receiptKey, { admission: UNLIMITED, actor: ANYBODY })
    expect(observed).toEqual([])
    await reveal(context, withLink(secretKey, { passphrase: 'wrong' })).catch(() => 0)
    observed = []
    await clearFailedAttempts(context, receiptKey, { admission: UNLIMITED, actor: ANYBODY })
    expect(observed).toEqual([['attempts_cleared', id]])
  })

  it('report a withdrawal, also when the store failed', async () => {
    const { receipt, id } = await store()
    await withdrawSecret(context, receipt, ANYBODY)
    await stage.store.close()
    await withdrawSecret(context, receipt, ANYBODY)
    expect(observed).toEqual([
      ['withdrawn', id],
      ['withdrawn', id],
    ])
  })

  it('report once that a secret has expired, when its receipt is next viewed', async () => {
    const { receiptKey, id } = await store()
    await viewReceipt(context, receiptKey, 'sender', ANYBODY)
    stage.clock.now = later(START, 60 * SECOND)
    await viewReceipt(context, receiptKey, 'sender', ANYBODY)
    stage.advance(1)
    await viewReceipt(context, receiptKey, 'sender', ANYBODY)
    expect(observed).toEqual([['expired', id]])
  })

  it('report once that a secret is missing before its time', async () => {
    const receiptKey = newReceiptKey()
    const id = recordIdOf(secretKeyOf(receiptKey))
    const times = { created: START, updated: START, ttl: seconds(60) }
    const receipt: ReceiptRecord = { state: 'new', ...times, protected: false, origin: 'given' }
    await stage.store.secrets.create({ id, receipt }, START)
    for (stage.clock.now of [later(START, 1), later(START, 2)])
      await viewReceipt(context, receiptKey, 'sender', ANYBODY)
    expect(observed).toEqual([['orphaned', id]])
  })

  it('report nothing when nothing happened', async () => {
    const { receiptKey, secretKey } = await store()
    await viewReceipt(context, receiptKey, 'sender', ANYBODY)
    await expect(reveal(context, withLink(secretKey, { connected: () => false }))).rejects.toEqual(
      failure('client_disconnected'),
    )
    await expect((async () => reveal(context, withLink(parseSecretKey('no key'))))()).rejects.toEqual(
      failure('unknown_secret'),
    )
    await expect(viewReceipt(context, newReceiptKey(), 'sender', ANYBODY)).rejects.toEqual(
      failure('unknown_secret'),
    )
    expect(observed).toEqual([])
  })
})
