import type { Check, NewVersion } from '../../check.ts'
import { either, the } from '../../expect/matchers.ts'
import { receiptRecord } from './records.ts'
import { burned } from './responses.ts'
import { burn, conceal, invalid, NOT_FOUND, reveal, UNKNOWN_KEY } from './wire.ts'

const ALREADY_GONE = 'success of a burn although the secret was gone, as in Onetime Secret'

/** The checks of `/receipt/:id/burn`. */
export function burnChecks(version: NewVersion): readonly Check[] {
  return [
    {
      id: `${version}/burn/response`,
      section: 'v2Responses',
      title: 'a burn answers the receipt of a burned secret',
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version)
        const answer = await burn(stage, version, made)
        stage.expect(answer, { status: 200, body: burned(version, made.receiptKey) })
      },
    },
    {
      id: `${version}/burn/final`,
      section: 'v2Responses',
      title: 'a burned secret can be neither revealed nor burned again, and its receipt says burned',
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version)
        stage.require(await burn(stage, version, made), { status: 200, body: { success: true } })
        const answer = await reveal(stage, version, made)
        stage.expect(answer, NOT_FOUND)
        stage.claim(answer.label, 'no burned secret is revealed', !answer.text.includes(made.value))
        const again = await burn(stage, version, made)
        stage.expect(again, { status: 200, body: { success: either(false, true, ALREADY_GONE) } })
        const receipt = await stage.anonymous.get(`/api/${version}/receipt/${made.receiptKey}`)
        stage.expect(receipt, { status: 200, body: { record: receiptRecord(version, 'burned') } })
      },
    },
    {
      id: `${version}/burn/continue`,
      section: 'v2Parameters',
      title: 'without continue nothing is burned; it may be a text',
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version)
        const answer = await stage.anonymous.json(`/api/${version}/receipt/${made.receiptKey}/burn`, {})
        stage.expect(answer, {
          status: 200,
          body: { success: false, record: { state: 'new', is_burned: false } },
        })
        const right = await burn(stage, version, made, { continue: 'true' })
        stage.expect(right, { status: 200, body: { success: true } })
      },
    },
    {
      id: `${version}/burn/passphrase`,
      section: 'v2Errors',
      title: 'a wrong or missing passphrase is rejected, and burns nothing',
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version, { passphrase: 'tulip' })
        const words = 'other words for a wrong passphrase, as in Onetime Secret'
        const rejected = invalid(either('Incorrect passphrase', 'Double check that passphrase', words))
        stage.expect(await burn(stage, version, made, { passphrase: 'rose' }), rejected)
        stage.expect(await burn(stage, version, made), rejected)
        const receipt = await stage.anonymous.get(`/api/${version}/receipt/${made.receiptKey}`)
        stage.expect(receipt, { status: 200, body: { record: { state: 'new' } } })
        const right = await burn(stage, version, made, { passphrase: 'tulip' })
        stage.expect(right, { status: 200, body: { success: true } })
      },
    },
    {
      id: `${version}/burn/unknown`,
      section: 'v2Errors',
      title: 'a burn of an unknown receipt is not found, with the identifier',
      secrets: 0,
      async run(stage) {
        const answer = await burn(stage, version, { receiptKey: UNKNOWN_KEY })
        stage.expect(answer, NOT_FOUND)
        stage.expect(answer, { body: { identifier: the('the requested identifier', UNKNOWN_KEY) } })
      },
    },
  ]
}
