import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newMetadataKey, recordIdOf, secretKeyOf } from '../../src/crypto/keys.ts'
import { burn } from '../../src/secrets/burn.ts'
import type { SecretsContext } from '../../src/secrets/context.ts'
import { viewMetadata } from '../../src/secrets/metadata.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { share } from '../../src/secrets/share.ts'
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
    const { metadataKey, secretKey = '' } = await share(context, newSecret({ passphrase, ttl: 60 }))
    const id = recordIdOf(secretKey)
    expect(told.splice(0)).toEqual([['created', id]])
    return { metadataKey, secretKey, id }
  }

  it.each(['', 'open up'])('its end, and who came after it, passphrase %j', async (passphrase) => {
    const [read, burned] = [await shared(passphrase), await shared(passphrase)]
    await reveal(context, withLink(read.secretKey, { passphrase }))
    await burn(context, { ...withLink('', { passphrase }), metadataKey: burned.metadataKey })
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
    await expect(share(context, newSecret(), refuse)).rejects.toThrow('no mail today')
    expect(told.map(([event]) => event)).toEqual(['created', 'withdrawn'])
  })

  it('that its time is over, once, when somebody looks', async () => {
    const { metadataKey, id } = await shared()
    await viewMetadata(context, metadataKey, true)
    stage.clock.now = START + 60 * SECOND
    await viewMetadata(context, metadataKey, true)
    stage.clock.now += 1
    await viewMetadata(context, metadataKey, true)
    expect(told).toEqual([['expired', id]])
  })

  it('that it is missing before its time, once', async () => {
    const metadataKey = newMetadataKey()
    const id = recordIdOf(secretKeyOf(metadataKey))
    const metadata = { state: 'new', created: START, updated: START, ttl: 60, protected: false } as const
    await stage.store.secrets.create({ id, metadata }, START)
    for (stage.clock.now of [START + 1, START + 2]) await viewMetadata(context, metadataKey, true)
    expect(told).toEqual([['orphaned', id]])
  })

  it('nothing where nothing happened', async () => {
    const { metadataKey, secretKey } = await shared()
    await viewMetadata(context, metadataKey, true)
    await expect(reveal(context, withLink(secretKey, { connected: () => false }))).rejects.toEqual(
      failure('client_gone'),
    )
    await expect(reveal(context, withLink('no key'))).rejects.toEqual(failure('unknown_secret'))
    await expect(viewMetadata(context, newMetadataKey(), true)).rejects.toEqual(failure('unknown_secret'))
    expect(told).toEqual([])
  })
})
