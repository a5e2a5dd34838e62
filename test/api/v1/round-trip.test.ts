import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { holds } from '../../support/properties.ts'
import { type Api, api } from '../client.ts'
import { ENCODINGS, post } from '../encodings.ts'

const SEED = 20_260_401

let server: TestServer
let anybody: Api
beforeAll(async () => {
  server = await startTestServer({ settings: { RATE_LIMIT: 'off' } })
  anybody = api(server)
})
afterAll(() => server.close())

const anyText = (maxLength: number) =>
  fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength }),
    fc
      .array(
        fc.constantFrom(
          ' ',
          '+',
          '&',
          '=',
          '%',
          '\r',
          '\n',
          '\t',
          '\0',
          '"',
          '\\',
          '\ufeff',
          '--',
          '[]',
          'é',
        ),
        {
          minLength: 1,
          maxLength,
        },
      )
      .map((parts) => parts.join('')),
  )

describe.concurrent.each(Object.entries(ENCODINGS))('docs/api/v1.md section 1: %s', (_name, encoding) => {
  it('carries any secret, byte for byte', async () => {
    await holds(
      fc.asyncProperty(anyText(200), async (secret) => {
        const { body } = await post(anybody, '/share', encoding, { secret })
        const revealed = await post(anybody, `/secret/${body.secret_key}`, encoding, { other: secret })
        expect(revealed.body.value).toBe(secret)
      }),
      { runs: 60, seed: SEED },
    )
  })

  it('carries any passphrase, and no other one reveals the secret', async () => {
    await holds(
      fc.asyncProperty(anyText(50), anyText(50), async (passphrase, other) => {
        fc.pre(passphrase.normalize('NFC') !== other.normalize('NFC'))
        const { body } = await post(anybody, '/share', encoding, { secret: 'a', passphrase })
        const reveal = (tried: string) =>
          post(anybody, `/secret/${body.secret_key}`, encoding, { passphrase: tried })
        expect((await reveal(other)).body.value).toBeUndefined()
        expect((await reveal(passphrase)).body.value).toBe('a')
      }),
      { runs: 5, seed: SEED },
    )
  })
})
