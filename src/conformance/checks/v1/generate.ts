import type { Check } from '../../check.ts'
import type { Matcher } from '../../expect/matcher.ts'
import { formed, someText, the } from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'
import type { Stage } from '../../stage.ts'
import { created, receipt, reveal, revealed } from './wire.ts'

/** The checks of `/generate`. */
export const generateChecks: readonly Check[] = [
  {
    id: 'v1/generate/metadata',
    section: 'v1Metadata',
    title: 'the response has the fields of a share, and the generated value',
    secrets: 1,
    async run(stage) {
      const answer = await stage.sender.form('/api/v1/generate', { ttl: '3600' })
      stage.expect(answer, {
        status: 200,
        body: created({ value: generated(12), passphrase_required: false }),
      })
    },
  },
  {
    id: 'v1/generate/empty-body',
    section: 'v1Requests',
    title: 'a request without parameters or body generates a secret',
    secrets: 1,
    async run(stage) {
      const answer = await stage.sender.send({ method: 'POST', path: '/api/v1/generate' })
      stage.expect(answer, { status: 200, body: { state: 'new', value: generated(12) } })
    },
  },
  {
    id: 'v1/generate/length',
    section: 'v1Parameters',
    title: 'length says how many characters of the documented alphabet the value has',
    secrets: 2,
    async run(stage) {
      for (const length of [4, 128]) {
        const answer = await generate(stage, { length: String(length) })
        stage.expect(answer, { status: 200, body: { value: generated(length) } })
      }
    },
  },
  {
    id: 'v1/generate/kept',
    section: 'v1Endpoints',
    title: 'the secret is the generated value, not a secret that was sent, and each is another',
    secrets: 2,
    async run(stage) {
      const sent = stage.secret()
      const answer = await generate(stage, { secret: sent })
      stage.require(answer, { status: 200, body: { value: someText, secret_key: someText } })
      const value = fieldOf(answer.body, 'value') as string
      const secretKey = fieldOf(answer.body, 'secret_key') as string
      stage.claim(answer.label, 'the value is not the secret that was sent', value !== sent)
      stage.expect(await reveal(stage, { secretKey }), revealed({ secretKey, value }))
      const second = await generate(stage, {})
      stage.expect(second, { status: 200, body: { value: someText } })
      stage.claim(second.label, 'no two values are the same', fieldOf(second.body, 'value') !== value)
    },
  },
  {
    id: 'v1/generate/state',
    section: 'v1States',
    title: 'a generated secret is viewed as soon as its receipt is fetched',
    secrets: 1,
    async run(stage) {
      const answer = await generate(stage, {})
      stage.require(answer, { status: 200, body: { metadata_key: someText } })
      const receiptKey = fieldOf(answer.body, 'metadata_key') as string
      stage.expect(await receipt(stage, { receiptKey }), {
        status: 200,
        body: { state: 'viewed', metadata_key: the('the requested key', receiptKey) },
      })
    },
  },
]

function generate(stage: Stage, params: Readonly<Record<string, string>>) {
  return stage.sender.form('/api/v1/generate', { ttl: '3600', ...params })
}

function generated(length: number): Matcher {
  return formed(
    `${length} characters of a-z, A-Z, 0-9 and *$!?() without i, l, o, 1 and 0`,
    new RegExp(`^[a-hjkmnp-zA-Z2-9*$!?()]{${length}}$`),
  )
}
