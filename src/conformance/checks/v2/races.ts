import type { Check, NewVersion } from '../../check.ts'
import type { Answer } from '../../client.ts'
import { fieldOf } from '../../json.ts'
import { RACERS } from '../../race.ts'
import { conceal, NOT_FOUND, revealed } from './wire.ts'

const JSON_BODY = { 'content-type': 'application/json' }
const CONTINUE = { method: 'POST', headers: JSON_BODY, body: '{"continue":true}' }

/** The checks of concurrent reveals and burns. */
export function raceChecks(version: NewVersion): readonly Check[] {
  return [
    {
      id: `${version}/races/reveal`,
      section: 'atMostOnce',
      title: `of ${RACERS} reveals at once, on ${RACERS} connections, exactly one gets the secret`,
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version)
        const request = { ...CONTINUE, path: `/api/${version}/secret/${made.secretKey}/reveal` }
        const answers = await stage.race(Array.from({ length: RACERS }, () => request))
        const winners = answers.filter(({ text }) => text.includes(made.value))
        if (winners.length !== 1) stage.differ(tally(winners))
        for (const winner of winners) stage.expect(winner, revealed(made))
        for (const loser of answers.filter((one) => !winners.includes(one))) stage.expect(loser, NOT_FOUND)
      },
    },
    {
      id: `${version}/races/burn`,
      section: 'atMostOnce',
      title: `of ${RACERS / 2} reveals and ${RACERS / 2} burns at once exactly one wins, and the receipt says which`,
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version)
        const reveal = { ...CONTINUE, path: `/api/${version}/secret/${made.secretKey}/reveal` }
        const burn = { ...CONTINUE, path: `/api/${version}/receipt/${made.receiptKey}/burn` }
        const requests = Array.from({ length: RACERS }, (_, index) => (index % 2 === 0 ? reveal : burn))
        const answers = await stage.race(requests)
        const readers = answers.filter(({ text }) => text.includes(made.value))
        const burners = answers.filter(({ body }) => fieldOf(body, 'success') === true)
        const winners = [...readers, ...burners]
        if (winners.length !== 1) stage.differ(tally(winners))
        const state = readers.length > 0 ? 'revealed' : 'burned'
        const receipt = await stage.anonymous.get(`/api/${version}/receipt/${made.receiptKey}`)
        stage.expect(receipt, { status: 200, body: { record: { state } } })
      },
    },
  ]
}

function tally(winners: readonly Answer[]) {
  return { at: `${RACERS} requests at once`, expected: '1 winner', came: `${winners.length} winners` }
}
