import { basic } from '../../caller.ts'
import type { Check, NewVersion } from '../../check.ts'
import { such } from '../../expect/matchers.ts'
import type { Stage } from '../../stage.ts'
import { receiptRecord } from './records.ts'
import { burned, concealed, peeked, shown } from './responses.ts'
import { type Concealed, invalid, keysOf, NOT_FOUND, revealed, UNKNOWN_KEY } from './wire.ts'

/** The checks of the paths below `/guest`. */
export function guestChecks(version: NewVersion): readonly Check[] {
  const guest = `/api/${version}/guest`
  const conceal = async (stage: Stage): Promise<Concealed> => {
    const value = stage.secret()
    const answer = await stage.anonymous.json(`${guest}/secret/conceal`, {
      secret: { secret: value, ttl: 3600 },
    })
    const body = concealed(version, 'conceal', { owner_id: null })
    stage.require(answer, { status: 200, body })
    return { ...keysOf(answer.body), value }
  }
  return [
    {
      id: `${version}/guest/reveal`,
      section: 'v2Endpoints',
      title: 'a guest conceals, looks at and reveals a secret',
      secrets: 1,
      needs: ['anonymous creation'],
      async run(stage) {
        const made = await conceal(stage)
        const { secretKey, receiptKey } = made
        const looked = await stage.anonymous.get(`${guest}/secret/${secretKey}`)
        stage.expect(looked, { status: 200, body: peeked(secretKey, false) })
        const reveal = () => stage.anonymous.json(`${guest}/secret/${secretKey}/reveal`, { continue: true })
        stage.expect(await reveal(), revealed(made))
        stage.expect(await reveal(), NOT_FOUND)
        const receipt = await stage.anonymous.get(`${guest}/receipt/${receiptKey}`)
        stage.expect(receipt, { status: 200 })
        for (const body of shown(version, 'revealed', made)) stage.expect(receipt, { body })
      },
    },
    {
      id: `${version}/guest/burn`,
      section: 'v2Endpoints',
      title: 'a guest generates and burns a secret',
      secrets: 1,
      needs: ['anonymous creation'],
      async run(stage) {
        const made = await stage.anonymous.json(`${guest}/secret/generate`, { secret: { ttl: 3600 } })
        stage.require(made, { status: 200, body: concealed(version, 'generate', { owner_id: null }) })
        const { receiptKey, secretKey } = keysOf(made.body)
        const answer = await stage.anonymous.json(`${guest}/receipt/${receiptKey}/burn`, { continue: true })
        stage.expect(answer, { status: 200, body: burned(version, receiptKey) })
        stage.expect(await stage.anonymous.get(`${guest}/secret/${secretKey}`), NOT_FOUND)
      },
    },
    {
      id: `${version}/guest/credentials`,
      section: 'v2Callers',
      title: 'the Authorization header is ignored: the caller is anonymous, whatever is sent',
      secrets: 1,
      needs: ['anonymous creation'],
      async run(stage) {
        const caller = stage.as(basic('nobody@conformance.invalid', 'not-a-token-of-any-account'))
        const secret = { secret: stage.secret(), ttl: 3600 }
        const answer = await caller.json(`${guest}/secret/conceal`, { secret })
        stage.expect(answer, { status: 200, body: { record: { receipt: { owner_id: null } } } })
      },
    },
    ...(version === 'v3' ? [receiptsOfGuests] : []),
  ]
}

const receiptsOfGuests: Check = {
  id: 'v3/guest/receipts',
  section: 'v2Endpoints',
  title: 'POST /guest/receipts answers the receipts of up to 25 identifiers, without unknown ones',
  secrets: 1,
  needs: ['anonymous creation'],
  async run(stage) {
    const path = '/api/v3/guest/receipts'
    const secret = { secret: stage.secret(), ttl: 3600 }
    const made = await stage.anonymous.json('/api/v3/guest/secret/conceal', { secret })
    stage.require(made, { status: 200 })
    const { receiptKey } = keysOf(made.body)
    const answer = await stage.anonymous.json(path, { identifiers: [receiptKey, UNKNOWN_KEY] })
    const same = such('the requested identifier', (came) => came === receiptKey)
    stage.expect(answer, {
      status: 200,
      body: { records: [receiptRecord('v3', 'new', { identifier: same })], count: 1 },
    })
    const many = await stage.anonymous.json(path, { identifiers: Array(26).fill(UNKNOWN_KEY) })
    stage.expect(many, invalid('Too many identifiers (max 25)'))
  },
}
