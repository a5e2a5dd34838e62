import type { Check } from '../../check.ts'
import type { Answer } from '../../client.ts'
import { absent, listOf, someText, the } from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'
import { listed, NEWER_NAMES, rejected, share } from './wire.ts'

/** The checks of the recent list. */
export const recentChecks: readonly Check[] = [
  {
    id: 'v1/recent/list',
    section: 'v1Endpoints',
    title: "the account's receipts are listed, newest first, without the keys of secrets",
    secrets: 2,
    needs: ['account'],
    async run(stage) {
      const first = await share(stage, {}, stage.owner)
      const second = await share(stage, {}, stage.owner)
      const answer = await stage.owner.get('/api/v1/private/recent')
      const own = the("the account's address", stage.account.email)
      const body = listOf(listed({ custid: own }))
      stage.require(answer, { status: 200, body })
      const keys = keysOf(answer)
      for (const { secretKey, receiptKey, value } of [first, second]) {
        stage.claim(answer.label, 'both receipts are listed', keys.includes(receiptKey))
        stage.claim(answer.label, 'no list has the key of a secret', !answer.text.includes(secretKey))
        stage.claim(answer.label, 'no list has a secret', !answer.text.includes(value))
      }
      const times = (answer.body as unknown[]).map((one) => Number(fieldOf(one, 'created')))
      const sorted = [...times].sort((one, other) => other - one)
      stage.claim(answer.label, 'the newest receipts are first', times.join() === sorted.join())
    },
  },
  {
    id: 'v1/recent/paths',
    section: 'v1Endpoints',
    title: 'the list is answered to POST, and on /metadata and /receipt',
    secrets: 1,
    needs: ['account'],
    async run(stage) {
      const { receiptKey } = await share(stage, {}, stage.owner)
      const custid = the("the account's address", stage.account.email)
      const older = listOf(listed({ custid }))
      const newer = listOf(listed({ ...NEWER_NAMES, custid, secret_identifier: absent }))
      const answers = [
        [older, await stage.owner.form('/api/v1/private/recent')],
        [older, await stage.owner.get('/api/v1/metadata/recent')],
        [newer, await stage.owner.get('/api/v1/receipt/recent')],
      ] as const
      for (const [body, answer] of answers) {
        stage.expect(answer, { status: 200, body })
        stage.claim(answer.label, 'the receipt is listed', keysOf(answer).includes(receiptKey))
      }
    },
  },
  {
    id: 'v1/recent/others',
    section: 'v1Endpoints',
    title: "the list has no anonymous sender's receipts",
    secrets: 1,
    needs: ['account', 'anonymous creation'],
    async run(stage) {
      const { receiptKey } = await share(stage, {}, stage.anonymous)
      const answer = await stage.owner.get('/api/v1/private/recent')
      stage.expect(answer, { status: 200, body: listOf({ metadata_key: someText }) })
      stage.claim(answer.label, 'no anonymous receipt is listed', !keysOf(answer).includes(receiptKey))
    },
  },
  {
    id: 'v1/recent/anonymous',
    section: 'v1Errors',
    title: 'an anonymous caller has no list',
    secrets: 0,
    async run(stage) {
      stage.expect(await stage.anonymous.get('/api/v1/private/recent'), rejected('Not authorized'))
    },
  },
]

function keysOf({ body }: Answer): unknown[] {
  return Array.isArray(body) ? body.map((receipt) => fieldOf(receipt, 'metadata_key')) : []
}
