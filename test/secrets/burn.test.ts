import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newMetadataKey } from '../../src/crypto/keys.ts'
import { burn } from '../../src/secrets/burn.ts'
import { viewMetadata } from '../../src/secrets/metadata.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { share } from '../../src/secrets/share.ts'
import { failure, newSecret, openStage, SECOND, START, type Stage, withLink } from './stage.ts'

const UNKNOWN = failure('unknown_secret')

describe('burn', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  const destroy = (metadataKey: string, passphrase = '', connected = () => true) =>
    burn(stage.secrets(), { ...withLink('', { passphrase, connected }), metadataKey })
  const look = (metadataKey: string) => viewMetadata(stage.secrets(), metadataKey, false)

  it.each(['', 'open up'])('ends a secret unread, and says so at once, passphrase %j', async (passphrase) => {
    stage.clock.now = START
    const details = { custid: 'me@example.com', shareDomain: 's.example.com' }
    const { metadataKey, secretKey } = await share(
      stage.secrets(),
      newSecret({ ...details, passphrase, ttl: 600 }),
    )
    stage.clock.now = START + SECOND
    const burned = await destroy(metadataKey, passphrase)
    expect(burned).toEqual({
      secretKey,
      metadata: {
        metadataKey,
        ...details,
        state: 'burned',
        created: START,
        updated: START + SECOND,
        ttl: 600,
        metadataTtl: 1199,
        recipients: [],
        passphraseRequired: passphrase !== '',
      },
    })
    expect(await look(metadataKey)).toEqual(burned.metadata)
    await expect(reveal(stage.secrets(), withLink(secretKey, { passphrase }))).rejects.toEqual(UNKNOWN)
    await expect(destroy(metadataKey, passphrase)).rejects.toEqual(UNKNOWN)
  })

  it.each(['', 'wrong'])(
    'says so of a wrong passphrase, and leaves all as it was: %j',
    async (passphrase) => {
      const metadata = await share(stage.secrets(), newSecret({ passphrase: 'open up' }))
      await expect(destroy(metadata.metadataKey, passphrase)).rejects.toEqual(failure('incorrect_passphrase'))
      expect(await look(metadata.metadataKey)).toEqual(metadata)
    },
  )

  it('knows nothing to burn of what was read, is over, or never was', async () => {
    const [read, over] = [
      await share(stage.secrets(), newSecret()),
      await share(stage.secrets(), newSecret()),
    ]
    await reveal(stage.secrets(), withLink(read.secretKey))
    stage.clock.now = over.created + 3600 * SECOND
    for (const metadataKey of [read.metadataKey, over.metadataKey, newMetadataKey(), 'no key'])
      await expect(destroy(metadataKey)).rejects.toEqual(UNKNOWN)
    expect(await look(read.metadataKey)).toMatchObject({ state: 'received' })
    expect(await look(over.metadataKey)).toMatchObject({ state: 'expired' })
  })

  it('does not take the recipient for the sender', async () => {
    const { metadataKey, secretKey } = await share(stage.secrets(), newSecret())
    await expect(destroy(secretKey ?? '')).rejects.toEqual(UNKNOWN)
    expect(await look(metadataKey)).toMatchObject({ state: 'new' })
  })

  it('costs nothing when the client is gone', async () => {
    const metadata = await share(stage.secrets(), newSecret())
    await expect(destroy(metadata.metadataKey, '', () => false)).rejects.toEqual(failure('client_gone'))
    expect(await look(metadata.metadataKey)).toEqual(metadata)
  })
})
