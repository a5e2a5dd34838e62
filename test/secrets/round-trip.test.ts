import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeNewSecret } from '../../src/secrets/new-secret.ts'
import { reveal } from '../../src/secrets/reveal.ts'
import { holds } from '../support/properties.ts'
import { failure, newSecret, openStage, type Stage, withLink } from './stage.ts'

const anyText = (maxLength: number) =>
  fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength }),
    fc.constantFrom('\0', '\ufeff', '\r\n', ' ', '\t\n', '\u202e', '\uffff', 'e\u0301', '\u{10ffff}'),
  )

describe('any secret under any passphrase (docs/api/v1.md section 1)', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  it('is revealed byte for byte as it was stored', async () => {
    await holds(
      fc.asyncProperty(anyText(500), fc.option(anyText(20), { nil: '' }), async (value, passphrase) => {
        const { secretKey } = await storeNewSecret(stage.secrets(), newSecret({ value, passphrase }))
        expect((await reveal(stage.secrets(), withLink(secretKey, { passphrase }))).value).toBe(value)
      }),
      { runs: 150 },
    )
  })

  it('F19: is revealed by the same passphrase in NFC or NFD', async () => {
    await holds(
      fc.asyncProperty(
        anyText(20),
        fc.constantFrom('NFC', 'NFD'),
        fc.constantFrom('NFC', 'NFD'),
        async (text, ofSender, ofRecipient) => {
          const { secretKey } = await storeNewSecret(
            stage.secrets(),
            newSecret({ passphrase: text.normalize(ofSender) }),
          )
          const claimant = withLink(secretKey, { passphrase: text.normalize(ofRecipient) })
          expect(await reveal(stage.secrets(), claimant)).toEqual({ value: newSecret().value })
        },
      ),
      { runs: 50 },
    )
  })

  it('is never revealed by a wrong passphrase, however similar', async () => {
    const nearMisses = (text: string) =>
      fc.oneof(
        anyText(20),
        fc.constantFrom(
          `${text} `,
          ` ${text}`,
          `${text}\0`,
          text.slice(0, -1),
          text + text,
          text.toUpperCase(),
        ),
      )
    await holds(
      fc.asyncProperty(
        anyText(20).chain((text) => fc.tuple(fc.constant(text), nearMisses(text))),
        async ([passphrase, other]) => {
          fc.pre(other.normalize('NFC') !== passphrase.normalize('NFC'))
          const { secretKey } = await storeNewSecret(stage.secrets(), newSecret({ passphrase }))
          await expect(reveal(stage.secrets(), withLink(secretKey, { passphrase: other }))).rejects.toEqual(
            failure('unknown_secret'),
          )
        },
      ),
      { runs: 100 },
    )
  })
})
