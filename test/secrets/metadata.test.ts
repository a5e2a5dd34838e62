import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newMetadataKey } from '../../src/crypto/keys.ts'
import { viewMetadata } from '../../src/secrets/metadata.ts'
import { listMetadata } from '../../src/secrets/recent.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { share } from '../../src/secrets/share.ts'
import { failure, newSecret, openStage, SECOND, START, type Stage, withLink } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

describe('viewMetadata (v1-api 4)', () => {
  const view = (metadataKey: string, mark = true) => viewMetadata(stage.secrets(), metadataKey, mark)

  it('says new once, then viewed, and nothing else changes', async () => {
    const metadata = await share(stage.secrets(), newSecret())
    expect(await view(metadata.metadataKey)).toEqual(metadata)
    expect(await view(metadata.metadataKey)).toEqual({ ...metadata, state: 'viewed' })
    expect(await view(metadata.metadataKey)).toEqual({ ...metadata, state: 'viewed' })
  })

  it('stays new for a look that is not the sender’s', async () => {
    const metadata = await share(stage.secrets(), newSecret())
    await view(metadata.metadataKey, false)
    expect(await view(metadata.metadataKey, false)).toEqual(metadata)
  })

  it('counts both times down in whole seconds, and never says 0 while there is time', async () => {
    const { metadataKey } = await share(stage.secrets(), newSecret({ ttl: 600 }))
    const left = async (milliseconds: number) => {
      stage.clock.now = START + milliseconds
      const { secretTtl, metadataTtl, ttl } = await view(metadataKey)
      return [ttl, secretTtl, metadataTtl]
    }
    expect(await left(0)).toEqual([600, 600, 1200])
    expect(await left(1)).toEqual([600, 600, 1200])
    expect(await left(1000)).toEqual([600, 599, 1199])
    expect(await left(599_999)).toEqual([600, 1, 601])
    expect(await left(600_000)).toEqual([600, undefined, 600])
    expect(await left(1_199_999)).toEqual([600, undefined, 1])
    await expect(left(1_200_000)).rejects.toEqual(failure('unknown_secret'))
  })

  it('keeps the receipt of what was read, without keys (v1-api 4, States)', async () => {
    const details = { custid: 'me@example.com', recipients: ['fo*****@e*****.com'] }
    const { metadataKey, secretKey } = await share(stage.secrets(), newSecret({ ...details, ttl: 600 }))
    stage.clock.now += SECOND
    await reveal(stage.secrets(), withLink(secretKey))
    stage.clock.now += 600 * SECOND
    const receipt = await view(metadataKey)
    expect(receipt).toMatchObject({ ...details, state: 'received', updated: START + SECOND })
    expect(Object.keys(receipt)).not.toContain('secretKey')
  })

  it('knows nothing of a key that never was', async () => {
    await expect(view(newMetadataKey())).rejects.toEqual(failure('unknown_secret'))
    await expect(view('no key')).rejects.toEqual(failure('unknown_secret'))
  })
})

describe('listMetadata', () => {
  it('keeps the order, leaves out what is over, and counts as no look', async () => {
    const short = await share(stage.secrets(), newSecret({ ttl: 60 }))
    const first = await share(stage.secrets(), newSecret())
    const second = await share(stage.secrets(), newSecret({ custid: 'me@example.com' }))
    stage.clock.now += 120 * SECOND
    const keys = [second.metadataKey, newMetadataKey(), short.metadataKey, first.metadataKey]
    const listed = await listMetadata(stage.secrets(), keys)
    expect(listed.map(({ metadataKey }) => metadataKey)).toEqual([second.metadataKey, first.metadataKey])
    expect(listed.map(({ state }) => state)).toEqual(['new', 'new'])
    expect(await listMetadata(stage.secrets(), keys)).toEqual(listed)
    expect(await listMetadata(stage.secrets(), [])).toEqual([])
  })
})
