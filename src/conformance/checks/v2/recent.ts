import type { Check, NewVersion } from '../../check.ts'
import { absent, either, oneOf, such, textOrNull, the, unixSeconds, whole } from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'
import { receipts } from './records.ts'
import { conceal, reveal, revealed, unauthorized } from './wire.ts'

/** The checks of `/receipt/recent`. */
export function recentChecks(version: NewVersion): readonly Check[] {
  const path = `/api/${version}/receipt/recent`
  return [
    {
      id: `${version}/recent/list`,
      section: 'v2Responses',
      title: "the account's receipts are listed, newest updated first, without the keys of secrets",
      secrets: 2,
      needs: ['account'],
      async run(stage) {
        const gone = await conceal(stage, version, {}, stage.owner)
        const made = await conceal(stage, version, {}, stage.owner)
        stage.require(await reveal(stage, version, gone), revealed(gone))
        const answer = await stage.owner.get(path)
        const details = { type: 'list', since: unixSeconds, now: unixSeconds, has_items: true }
        const list = receipts(version)
        const lists = { revealed_receipts: list, pending_receipts: list }
        stage.require(answer, {
          status: 200,
          body: { success: true, count: whole, records: list, details: { ...details, ...lists } },
        })
        stage.claim(
          answer.label,
          'the receipt of a revealed secret is listed as revealed',
          has(answer.body, 'revealed_receipts', gone.receiptKey),
        )
        stage.claim(
          answer.label,
          'the receipt of an available secret is listed as pending',
          has(answer.body, 'pending_receipts', made.receiptKey),
        )
        stage.claim(answer.label, 'no list has the key of a secret', !answer.text.includes(made.secretKey))
        stage.claim(answer.label, 'no list has a secret', !answer.text.includes(made.value))
        const records = fieldOf(answer.body, 'records') as unknown[]
        const times = records.map((record) => Number(fieldOf(record, 'updated')))
        const sorted = [...times].sort((one, other) => other - one)
        stage.claim(answer.label, 'the newest receipts are first', times.join() === sorted.join())
        stage.claim(
          answer.label,
          'count is the number of records',
          fieldOf(answer.body, 'count') === records.length,
        )
      },
    },
    {
      id: `${version}/recent/owner`,
      section: 'v2Responses',
      title: "the account's own receipts name it",
      secrets: 1,
      needs: ['account'],
      async run(stage) {
        const { receiptKey } = await conceal(stage, version, {}, stage.owner)
        const answer = await stage.owner.get(`/api/${version}/receipt/${receiptKey}`)
        const email = the("the account's address", stage.account.email)
        const custid = either(email, null, 'null for custid, as in Onetime Secret')
        const owner_id = such('a text', (came) => typeof came === 'string' && came !== '')
        const record = { custid: version === 'v2' ? custid : absent, owner_id }
        stage.expect(answer, { status: 200, body: { record } })
      },
    },
    {
      id: `${version}/recent/anonymous`,
      section: 'v2Errors',
      title: 'an anonymous caller has no list',
      secrets: 0,
      async run(stage) {
        const expected = unauthorized('[AUTH_HEADER_MISSING] No authorization header')
        stage.expect(await stage.anonymous.get(path), expected)
      },
    },
    {
      id: `${version}/recent/memo`,
      section: 'v2Parameters',
      title: "the sender's account replaces the memo of a receipt, without tags; nobody else does",
      secrets: 1,
      needs: ['account'],
      async run(stage) {
        const { receiptKey } = await conceal(stage, version, {}, stage.owner)
        const receipt = `/api/${version}/receipt/${receiptKey}`
        const edited = await stage.owner.json(receipt, { memo: 'for  <b>Ana</b>' }, 'PATCH')
        stage.expect(edited, { status: 200, body: { record: { memo: 'for Ana' } } })
        const other = await stage.anonymous.json(receipt, { memo: 'for Bo' }, 'PATCH')
        const error = oneOf('Authentication Required', 'Not authorized to update this receipt')
        stage.expect(other, { status: 401, body: { error } })
        const looked = await stage.anonymous.get(receipt)
        stage.expect(looked, { status: 200, body: { record: { memo: 'for Ana', owner_id: textOrNull } } })
      },
    },
  ]
}

function has(body: unknown, list: string, receiptKey: string): boolean {
  const receipts = fieldOf(body, 'details', list)
  return Array.isArray(receipts) && receipts.some((one) => fieldOf(one, 'identifier') === receiptKey)
}
