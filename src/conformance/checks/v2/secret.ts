import type { Check, NewVersion } from '../../check.ts'
import { absent, either, exactly, listOf, such, within } from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'
import { secretRecord } from './records.ts'
import { peeked } from './responses.ts'
import { conceal, NOT_FOUND, reveal, revealed, UNKNOWN_KEY } from './wire.ts'

const HOUR = 3600

/** The checks of a look at a secret, and of its status. */
export function secretChecks(version: NewVersion): readonly Check[] {
  const path = `/api/${version}/secret`
  return [
    {
      id: `${version}/secret/look`,
      section: 'v2Responses',
      title: 'a look at a secret answers its record without the value, and costs nothing',
      secrets: 2,
      async run(stage) {
        for (const passphrase of ['', 'tulip']) {
          const made = await conceal(stage, version, { passphrase })
          const answer = await stage.anonymous.get(`${path}/${made.secretKey}`)
          const has_passphrase = passphrase !== ''
          stage.expect(answer, { status: 200, body: peeked(made.secretKey, has_passphrase) })
          stage.claim(answer.label, 'no look shows the secret', !answer.text.includes(made.value))
          stage.claim(answer.label, 'no look shows the receipt key', !answer.text.includes(made.receiptKey))
          stage.expect(await reveal(stage, version, made, { passphrase }), revealed(made))
        }
      },
    },
    {
      id: `${version}/secret/get-never-reveals`,
      section: 'v2Requests',
      title: 'continue on a GET is ignored: nothing is revealed and nothing is lost',
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version)
        for (const method of ['GET', 'HEAD']) {
          const request = { method, path: `${path}/${made.secretKey}?continue=true` }
          const answer = await stage.anonymous.send(request)
          stage.expect(answer, { status: 200 })
          if (method === 'GET') stage.expect(answer, { body: { record: secretRecord() } })
          stage.claim(answer.label, 'no GET reveals', !answer.text.includes(made.value))
        }
        stage.expect(await reveal(stage, version, made), revealed(made))
      },
    },
    {
      id: `${version}/secret/unknown`,
      section: 'v2Errors',
      title: 'an unknown and a revealed secret are not found',
      secrets: 1,
      async run(stage) {
        stage.expect(await stage.anonymous.get(`${path}/${UNKNOWN_KEY}`), NOT_FOUND)
        const made = await conceal(stage, version)
        stage.require(await reveal(stage, version, made), revealed(made))
        stage.expect(await stage.anonymous.get(`${path}/${made.secretKey}`), NOT_FOUND)
      },
    },
    {
      id: `${version}/secret/status`,
      section: 'v2Responses',
      title: 'the status is new with the seconds left, and unknown for whatever is not available, always 200',
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version)
        const status = (key: string) => stage.anonymous.get(`${path}/${key}/status`)
        stage.expect(await status(made.secretKey), {
          status: 200,
          body: { record: secretRecord(), details: { current_expiration: within(HOUR - 60, HOUR) } },
        })
        stage.expect(await status(UNKNOWN_KEY), UNKNOWN)
        stage.require(await reveal(stage, version, made), revealed(made))
        stage.expect(await status(made.secretKey), UNKNOWN)
      },
    },
    {
      id: `${version}/secret/statuses`,
      section: 'v2Responses',
      title: 'the status of several secrets leaves out unknown ones, named in a list or by commas',
      secrets: 2,
      async run(stage) {
        const made = [await conceal(stage, version), await conceal(stage, version)]
        const keys = [...made.map(({ secretKey }) => secretKey), UNKNOWN_KEY]
        for (const identifiers of [keys, keys.join()]) {
          const answer = await stage.anonymous.json(`${path}/status`, { identifiers })
          stage.require(answer, { status: 200, body: { records: listOf(secretRecord()), count: 2 } })
          const found = (fieldOf(answer.body, 'records') as unknown[]).map((one) =>
            fieldOf(one, 'identifier'),
          )
          const all = made.every(({ secretKey }) => found.includes(secretKey))
          stage.claim(answer.label, 'both secrets are listed', all)
        }
      },
    },
  ]
}

const UNKNOWN = {
  status: 200,
  body: {
    record: either(
      exactly({ state: 'unknown' }),
      such('an object', (record) => fieldOf(record, 'state') === 'unknown'),
      'more fields than state in the status of an unknown secret',
    ),
    details: absent,
  },
}
