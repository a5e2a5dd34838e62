import { basic } from '../../caller.ts'
import type { Check } from '../../check.ts'
import { either, formed, someText } from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'
import { RACERS } from '../../race.ts'
import * as v1 from '../v1/wire.ts'
import { conceal, NOT_FOUND, reveal, revealed } from './wire.ts'

/** The checks of secrets that one version creates and another one reads. */
export const versionChecks: readonly Check[] = [
  {
    id: 'v2/versions/of-v1',
    section: 'v2Responses',
    title: 'a secret of v1 is revealed by v2, and its receipt says received in v1 and revealed in v2',
    secrets: 1,
    needs: ['v1'],
    async run(stage) {
      const shared = await v1.share(stage)
      stage.expect(await v1.receipt(stage, shared), { status: 200, body: { state: 'new' } })
      const path = `/api/v2/receipt/${shared.receiptKey}`
      const looked = { record: { state: 'new', is_viewed: false } }
      stage.expect(await stage.anonymous.get(path), { status: 200, body: looked })
      stage.expect(await reveal(stage, 'v2', shared), revealed(shared))
      stage.expect(await v1.reveal(stage, shared), v1.unknownSecret(shared.secretKey))
      stage.expect(await v1.receipt(stage, shared), { status: 200, body: v1.gone('received') })
      const body = { record: { state: 'revealed', is_revealed: true } }
      stage.expect(await stage.anonymous.get(path), { status: 200, body })
    },
  },
  {
    id: 'v2/versions/of-v2',
    section: 'v2Responses',
    title: 'a secret of v2 is burned by v1, and its receipt says burned in both',
    secrets: 1,
    needs: ['v1'],
    async run(stage) {
      const made = await conceal(stage, 'v2')
      const burned = await stage.anonymous.form(`/api/v1/private/${made.receiptKey}/burn`)
      stage.expect(burned, { status: 200, body: { state: { state: 'burned' } } })
      stage.expect(await reveal(stage, 'v2', made), NOT_FOUND)
      const receipt = await stage.anonymous.get(`/api/v2/receipt/${made.receiptKey}`)
      stage.expect(receipt, { status: 200, body: { record: { state: 'burned', is_burned: true } } })
    },
  },
  {
    id: 'v2/versions/ur-name',
    section: 'v1Authentication',
    title: "v1 takes the account's ur name too, which v2 says",
    secrets: 1,
    needs: ['v1', 'account'],
    async run(stage) {
      const { receiptKey } = await conceal(stage, 'v2', {}, stage.owner)
      const receipt = await stage.owner.get(`/api/v2/receipt/${receiptKey}`)
      const name = formed('a ur name', /^ur[a-z0-9]+$/)
      const owner_id = either(name, someText, 'an owner_id that is no user name')
      stage.require(receipt, { status: 200, body: { record: { owner_id } } })
      const user = String(fieldOf(receipt.body, 'record', 'owner_id'))
      if (!user.startsWith('ur')) return
      for (const spelling of [user, user.toUpperCase()]) {
        const caller = stage.as(basic(stage.hide(spelling), stage.account.token))
        const answer = await caller.get('/api/v1/authcheck')
        stage.expect(answer, { status: 200, body: { status: 'nominal' } })
      }
    },
  },
  {
    id: 'v2/versions/race',
    section: 'atMostOnce',
    title: `of ${RACERS} reveals at once by v1 and v2 exactly one gets the secret`,
    secrets: 1,
    needs: ['v1'],
    async run(stage) {
      const { secretKey, value } = await v1.share(stage)
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const request = { method: 'POST', headers, body: 'continue=true' }
      const paths = [`/api/v1/secret/${secretKey}`, `/api/v2/secret/${secretKey}/reveal`]
      const requests = Array.from({ length: RACERS }, (_, index) => ({
        ...request,
        path: paths[index % 2] ?? '',
      }))
      const answers = await stage.race(requests)
      const winners = answers.filter(({ text }) => text.includes(value))
      if (winners.length !== 1) {
        const came = `${winners.length} winners`
        stage.differ({ at: `${RACERS} requests at once`, expected: '1 winner', came })
      }
      for (const loser of answers.filter((answer) => !winners.includes(answer))) {
        stage.expect(loser, loser.label.includes('/v1/') ? v1.unknownSecret(secretKey) : NOT_FOUND)
      }
    },
  },
]
