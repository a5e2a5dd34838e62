import type { Check } from '../../check.ts'
import { absent, either, flag, optional, the, whole, within } from '../../expect/matchers.ts'
import { addresses, receiptRecord } from './records.ts'
import { conceal, type NewVersion, NOBODY, NOT_FOUND, reveal, revealed } from './wire.ts'

const HOUR = 3600

/** The checks of `/receipt/:id`. */
export function receiptChecks(version: NewVersion): readonly Check[] {
  const path = `/api/${version}/receipt`
  return [
    {
      id: `${version}/receipt/available`,
      section: 'v2Responses',
      title:
        'the receipt of an available secret has its record, its addresses and the seconds left, and not the secret',
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version)
        for (let look = 0; look < 2; look += 1) {
          const answer = await stage.anonymous.get(`${path}/${made.receiptKey}`)
          stage.expect(answer, {
            status: 200,
            body: {
              record: receiptRecord(version, 'new', { secret_state: 'new', kind: 'conceal' }),
              details: { ...DETAILS, secret_realttl: within(HOUR - 60, HOUR), can_decrypt: true },
            },
          })
          stage.expect(answer, { body: { record: addresses(made.receiptKey, made.secretKey) } })
          stage.claim(answer.label, 'no receipt has the secret', !answer.text.includes(made.value))
        }
      },
    },
    {
      id: `${version}/receipt/revealed`,
      section: 'v2Responses',
      title: 'the receipt of a revealed secret says so, and has its key no more',
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version)
        stage.require(await reveal(stage, version, made), revealed(made))
        const answer = await stage.anonymous.get(`${path}/${made.receiptKey}`)
        stage.expect(answer, {
          status: 200,
          body: {
            record: receiptRecord(version, 'revealed', { secret_state: GONE_STATE }),
            details: { ...DETAILS, secret_realttl: null, can_decrypt: false, has_passphrase: false },
          },
        })
        stage.expect(answer, { body: { record: addresses(made.receiptKey, undefined) } })
        stage.claim(answer.label, 'no receipt has the secret', !answer.text.includes(made.value))
        stage.claim(answer.label, 'no key of a gone secret', !answer.text.includes(made.secretKey))
      },
    },
    {
      id: `${version}/receipt/unknown`,
      section: 'v2Errors',
      title: 'an unknown receipt, and the key of a secret, are not found, with the identifier',
      secrets: 1,
      async run(stage) {
        const { secretKey } = await conceal(stage, version)
        for (const key of [NOBODY, secretKey]) {
          const answer = await stage.anonymous.get(`${path}/${key}`)
          stage.expect(answer, NOT_FOUND)
          stage.expect(answer, { body: { identifier: the('the requested identifier', key), record: absent } })
        }
      },
    },
    ...(version === 'v2' ? [privatePath] : []),
  ]
}

const privatePath: Check = {
  id: 'v2/receipt/private',
  section: 'v2Endpoints',
  title: '/private is /receipt',
  secrets: 1,
  async run(stage) {
    const { receiptKey } = await conceal(stage, 'v2')
    stage.expect(await stage.anonymous.get(`/api/v2/private/${receiptKey}`), {
      status: 200,
      body: { record: { identifier: the('the requested identifier', receiptKey), state: 'new' } },
    })
    const burned = await stage.anonymous.json(`/api/v2/private/${receiptKey}/burn`, { continue: true })
    stage.expect(burned, { status: 200, body: { success: true } })
  },
}

const GONE_STATE = either(null, 'unknown', 'the state of a gone secret is unknown instead of null')

const DETAILS = {
  type: 'record',
  display_lines: whole,
  no_cache: true,
  view_count: optional(either(0, whole, 'looks at the link are counted, as in Onetime Secret')),
  has_passphrase: flag,
  show_secret: flag,
  show_secret_link: flag,
  show_receipt_link: flag,
  show_receipt: flag,
  show_recipients: flag,
  secret_value: optional(null),
}
