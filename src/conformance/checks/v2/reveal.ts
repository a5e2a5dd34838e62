import type { Check, NewVersion } from '../../check.ts'
import { absent, flag, the } from '../../expect/matchers.ts'
import { secretDetails } from './records.ts'
import { conceal, NOT_FOUND, reveal, revealed, UNKNOWN_KEY, WRONG_PASSPHRASE } from './wire.ts'

/** The checks of `/secret/:id/reveal`. */
export function revealChecks(version: NewVersion): readonly Check[] {
  return [
    {
      id: `${version}/reveal/once`,
      section: 'v2Responses',
      title: 'a reveal answers the record with the value, and from then on the secret is not found',
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version, { secret: stage.secret('one line') })
        const first = await reveal(stage, version, made)
        stage.expect(first, revealed(made))
        stage.expect(first, { body: { details: secretDetails({ one_liner: true }) } })
        stage.claim(first.label, 'no receipt key for the recipient', !first.text.includes(made.receiptKey))
        const second = await reveal(stage, version, made)
        stage.expect(second, NOT_FOUND)
        stage.claim(second.label, 'the secret is not revealed again', !second.text.includes(made.value))
      },
    },
    {
      id: `${version}/reveal/continue`,
      section: 'v2Parameters',
      title: 'without continue nothing is revealed and nothing is lost; it may be a text or in a form',
      secrets: 2,
      async run(stage) {
        const path = (key: string) => `/api/${version}/secret/${key}/reveal`
        const made = await conceal(stage, version)
        const answer = await stage.anonymous.json(path(made.secretKey), {})
        stage.expect(answer, {
          status: 200,
          body: {
            record: { state: 'new', secret_value: absent },
            details: { continue: false, show_secret: false, correct_passphrase: flag },
          },
        })
        stage.claim(answer.label, 'nothing is revealed', !answer.text.includes(made.value))
        stage.expect(await reveal(stage, version, made, { continue: 'true' }), revealed(made))
        const other = await conceal(stage, version)
        const inForm = await stage.anonymous.form(path(other.secretKey), { continue: 'true' })
        stage.expect(inForm, revealed(other))
      },
    },
    {
      id: `${version}/reveal/passphrase`,
      section: 'v2Errors',
      title: 'a wrong or missing passphrase is rejected with Incorrect passphrase, and the right one reveals',
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version, { passphrase: ' tülip & 花 ' })
        for (const more of [{}, { passphrase: 'rose' }, { passphrase: 'tülip & 花' }]) {
          const answer = await reveal(stage, version, made, more)
          stage.expect(answer, WRONG_PASSPHRASE)
          stage.claim(answer.label, 'nothing is revealed', !answer.text.includes(made.value))
        }
        stage.expect(await reveal(stage, version, made, { passphrase: ' tülip & 花 ' }), revealed(made))
      },
    },
    {
      id: `${version}/reveal/unknown`,
      section: 'v2Errors',
      title: 'a reveal of an unknown secret is not found',
      secrets: 0,
      async run(stage) {
        stage.expect(await reveal(stage, version, { secretKey: UNKNOWN_KEY }), NOT_FOUND)
      },
    },
    {
      id: `${version}/reveal/cleaned`,
      section: 'v2Requests',
      title: 'characters that no identifier has are dropped from it',
      secrets: 1,
      async run(stage) {
        const made = await conceal(stage, version)
        const answer = await stage.anonymous.get(`/api/${version}/secret/${made.secretKey}.`)
        stage.expect(answer, {
          status: 200,
          body: { record: { identifier: the('the key without it', made.secretKey) } },
        })
      },
    },
  ]
}
