import type { Check, NewVersion } from '../../check.ts'
import { absent, the } from '../../expect/matchers.ts'
import { shown } from './responses.ts'
import { conceal, NOT_FOUND, reveal, revealed, UNKNOWN_KEY } from './wire.ts'

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
          stage.expect(answer, { status: 200 })
          for (const body of shown(version, 'new', made)) stage.expect(answer, { body })
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
        stage.expect(answer, { status: 200 })
        for (const body of shown(version, 'revealed', made)) stage.expect(answer, { body })
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
        for (const key of [UNKNOWN_KEY, secretKey]) {
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
