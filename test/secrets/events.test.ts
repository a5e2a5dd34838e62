import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { burn } from '../../src/secrets/burn.ts'
import type { SecretsContext } from '../../src/secrets/context.ts'
import { newReceiptKey, recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { viewReceipt } from '../../src/secrets/receipt.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { failure, newSecret, openStage, SECOND, START, type Stage, withLink } from './stage.ts'

describe('what is told of secrets', () => {
  let stage: Stage
  let context: SecretsContext
  let told: [event: string, id: string][]
  beforeEach(async () => {
    stage = await openStage()
    told = []
    context = { ...stage.secrets(), observe: (event, id) => told.push([event, id]) }
  })
  afterEach(() => stage.close())

  const shared = async (passphrase = '') => {
    const { receiptKey, secretKey = '' } = await storeNewSecret(context, newSecret({ passphrase, ttl: 60 }))
    const id = recordIdOf(secretKey)
    expect(told.splice(0)).toEqual([['created', id]])
    return { receiptKey, secretKey, id }
  }

  it.each(['', 'open up'])('its end, and who came after it, passphrase %j', async (passphrase) => {
    const [read, burned] = [await shared(passphrase), await shared(passphrase)]
    await reveal(context, withLink(read.secretKey, { passphrase }))
    await burn(context, { ...withLink('', { passphrase }), receiptKey: burned.receiptKey })
    await expect(reveal(context, withLink(read.secretKey, { passphrase }))).rejects.toEqual(
      failure('unknown_secret'),
    )
    expect(told).toEqual([
      ['received', read.id],
      ['burned', burned.id],
      ['gone', read.id],
    ])
  })

  it('a wrong passphrase', async () => {
    const { secretKey, id } = await shared('open up')
    for (const passphrase of ['', 'wrong'])
      await expect(reveal(context, withLink(secretKey, { passphrase }))).rejects.toEqual(
        failure('unknown_secret'),
      )
    expect(told).toEqual([
      ['wrong_passphrase', id],
      ['wrong_passphrase', id],
    ])
  })

  it('that it was withdrawn', async () => {
    const refuse = () => Promise.reject(new Error('no mail today'))
    await expect(storeNewSecret(context, newSecret(), refuse)).rejects.toThrow('no mail today')
    expect(told.map(([event]) => event)).toEqual(['created', 'withdrawn'])
  })

  it('that its time is over, once, when somebody looks', async () => {
    const { receiptKey, id } = await shared()
    await viewReceipt(context, receiptKey, 'sender')
    stage.clock.now = START + 60 * SECOND
    await viewReceipt(context, receiptKey, 'sender')
    stage.clock.now += 1
    await viewReceipt(context, receiptKey, 'sender')
    expect(told).toEqual([['expired', id]])
  })

  it('that it is missing before its time, once', async () => {
    const receiptKey = newReceiptKey()
    const id = recordIdOf(secretKeyOf(receiptKey))
    const metadata = { state: 'new', created: START, updated: START, ttl: 60, protected: false } as const
    await stage.store.secrets.create({ id, metadata }, START)
    for (stage.clock.now of [START + 1, START + 2]) await viewReceipt(context, receiptKey, 'sender')
    expect(told).toEqual([['orphaned', id]])
  })

  it('nothing where nothing happened', async () => {
    const { receiptKey, secretKey } = await shared()
    await viewReceipt(context, receiptKey, 'sender')
    await expect(reveal(context, withLink(secretKey, { connected: () => false }))).rejects.toEqual(
      failure('client_disconnected'),
    )
    await expect(reveal(context, withLink('no key'))).rejects.toEqual(failure('unknown_secret'))
    await expect(viewReceipt(context, newReceiptKey(), 'sender')).rejects.toEqual(failure('unknown_secret'))
    expect(told).toEqual([])
  })
})
