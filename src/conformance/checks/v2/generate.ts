import type { Check, NewVersion } from '../../check.ts'
import { absent, either, formed } from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'
import type { Stage } from '../../stage.ts'
import { concealed } from './responses.ts'
import { invalid, keysOf, reveal, revealed } from './wire.ts'

const ON_RECEIPT = 'no generated value in the response, as in Onetime Secret, which shows it on the receipt'

/** The checks of `/secret/generate`. */
export function generateChecks(version: NewVersion): readonly Check[] {
  const path = `/api/${version}/secret/generate`
  const generate = (stage: Stage, secret: object) =>
    stage.sender.json(path, { secret: { ttl: 3600, ...secret } })
  const withValue = (length: number, alphabet: string) => {
    const value = formed(`${length} characters of ${alphabet}`, new RegExp(`^[${alphabet}]{${length}}$`))
    return { status: 200, body: { record: { secret: { secret_value: either(value, absent, ON_RECEIPT) } } } }
  }
  return [
    {
      id: `${version}/generate/response`,
      section: 'v2Responses',
      title: 'the response is that of a conceal with the generated value, and of kind generate',
      secrets: 1,
      async run(stage) {
        const answer = await generate(stage, {})
        stage.expect(answer, { status: 200, body: concealed(version, 'generate') })
      },
    },
    {
      id: `${version}/generate/kept`,
      section: 'v2Endpoints',
      title: 'the generated value is the secret',
      secrets: 1,
      async run(stage) {
        const answer = await generate(stage, {})
        stage.require(answer, { status: 200 })
        const { secretKey } = keysOf(answer.body)
        const value = fieldOf(answer.body, 'record', 'secret', 'secret_value')
        const got = await reveal(stage, version, { secretKey })
        if (typeof value === 'string') stage.expect(got, revealed({ secretKey, value }))
        else
          stage.expect(got, {
            status: 200,
            body: { record: { secret_value: formed('12 characters', /^.{12}$/) } },
          })
      },
    },
    {
      id: `${version}/generate/length`,
      section: 'v2Parameters',
      title: 'length and character_sets say what the value is made of',
      secrets: 3,
      async run(stage) {
        stage.expect(await generate(stage, { length: 40 }), withValue(40, 'a-zA-Z0-9*$!?()'))
        const digits = { uppercase: false, lowercase: false, symbols: false, exclude_ambiguous: false }
        const numbers = await generate(stage, { length: 20, character_sets: digits })
        stage.expect(numbers, withValue(20, '0-9'))
        const unambiguous = await generate(stage, { length: 128, character_sets: { symbols: false } })
        stage.expect(unambiguous, withValue(128, 'a-hj-kmnp-zA-HJ-NP-Z2-9'))
      },
    },
    {
      id: `${version}/generate/too-long`,
      section: 'v2Errors',
      title: 'a length above 128 is rejected',
      secrets: 0,
      async run(stage) {
        const answer = await generate(stage, { length: 129 })
        const words = 'Generated password length must be no more than 128 characters'
        stage.expect(answer, invalid(words))
        stage.expect(answer, { body: { field: 'length' } })
      },
    },
  ]
}
