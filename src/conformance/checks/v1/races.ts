import type { Check } from '../../check.ts'
import type { Answer } from '../../client.ts'
import { RACERS } from '../../race.ts'
import type { Stage } from '../../stage.ts'
import { receipt, type Shared, share, unknownSecret } from './wire.ts'

const PASSPHRASE_RACERS = 4

/** The checks of concurrent reveals and burns. */
export const raceChecks: readonly Check[] = [
  {
    id: 'v1/races/reveal',
    section: 'atMostOnce',
    title: `of ${RACERS} reveals at once, on ${RACERS} connections, exactly one gets the secret`,
    secrets: 1,
    async run(stage) {
      const shared = await share(stage)
      const answers = await stage.race(Array.from({ length: RACERS }, () => revealOf(shared)))
      expectOneWinner(stage, answers, (answer) => answer.text.includes(shared.value), shared)
      stage.expect(await receipt(stage, shared), { status: 200, body: { state: 'received' } })
    },
  },
  {
    id: 'v1/races/burn',
    section: 'atMostOnce',
    title: `of ${RACERS / 2} reveals and ${RACERS / 2} burns at once exactly one wins, and the receipt says which`,
    secrets: 1,
    async run(stage) {
      const shared = await share(stage)
      const requests = Array.from({ length: RACERS }, (_, index) =>
        index % 2 === 0 ? revealOf(shared) : burnOf(shared),
      )
      const answers = await stage.race(requests)
      const isRevealed = answers.some(({ text }) => text.includes(shared.value))
      const isWinner = ({ text, status }: Answer) => text.includes(shared.value) || status === 200
      expectOneWinner(stage, answers, isWinner, shared)
      const state = isRevealed ? 'received' : 'burned'
      stage.expect(await receipt(stage, shared), { status: 200, body: { state } })
    },
  },
  {
    id: 'v1/races/passphrase',
    section: 'atMostOnce',
    title: `of ${PASSPHRASE_RACERS} reveals at once with the right passphrase exactly one gets the secret`,
    secrets: 1,
    async run(stage) {
      const shared = await share(stage, { passphrase: 'tulip' })
      const request = { ...revealOf(shared), body: 'passphrase=tulip' }
      const answers = await stage.race(Array.from({ length: PASSPHRASE_RACERS }, () => request))
      expectOneWinner(stage, answers, (answer) => answer.text.includes(shared.value), shared)
    },
  },
]

function expectOneWinner(
  stage: Stage,
  answers: readonly Answer[],
  isWinner: (answer: Answer) => boolean,
  { secretKey, receiptKey }: Shared,
): void {
  const winners = answers.filter(isWinner).length
  const at = `${answers.length} requests at once`
  if (winners !== 1) stage.differ({ at, expected: '1 winner', came: `${winners} winners` })
  for (const loser of answers.filter((answer) => !isWinner(answer))) {
    stage.expect(loser, unknownSecret(loser.label.endsWith('/burn') ? receiptKey : secretKey))
  }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

function revealOf({ secretKey }: Shared) {
  return { method: 'POST', path: `/api/v1/secret/${secretKey}`, headers: FORM }
}

function burnOf({ receiptKey }: Shared) {
  return { method: 'POST', path: `/api/v1/private/${receiptKey}/burn`, headers: FORM }
}
