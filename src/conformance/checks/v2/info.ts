import type { Check, NewVersion } from '../../check.ts'
import { absent, either, formed, listOf, someText, such } from '../../expect/matchers.ts'

/** The checks of what a server says of itself. */
export function infoChecks(version: NewVersion): readonly Check[] {
  const success = version === 'v2' ? true : absent
  return [
    {
      id: `${version}/info/status`,
      section: 'v2Responses',
      title: `GET /status answers nominal${version === 'v3' ? ', without success' : ''}`,
      secrets: 0,
      async run(stage) {
        const body = { success, status: 'nominal', locale: someText }
        stage.expect(await stage.anonymous.get(`/api/${version}/status`), { status: 200, body })
      },
    },
    {
      id: `${version}/info/version`,
      section: 'v2Responses',
      title: 'GET /version answers a list',
      secrets: 0,
      async run(stage) {
        const part = such('a text or a number', (one) => typeof one === 'string' || typeof one === 'number')
        const answer = await stage.anonymous.get(`/api/${version}/version`)
        const forAccounts = 'the version is for accounts only, as in Onetime Secret'
        stage.expect(answer, { status: either(200, 401, forAccounts) })
        if (answer.status !== 200) return
        stage.expect(answer, { body: { success, version: listOf(part), locale: someText } })
      },
    },
    {
      id: `${version}/info/locales`,
      section: 'v2Responses',
      title: 'GET /supported-locales answers the languages',
      secrets: 0,
      async run(stage) {
        const tag = formed('the tag of a language', /^[a-z]{2,3}([-_]\w+)*$/i)
        const body = { success, locales: listOf(tag), default_locale: tag, locale: tag }
        stage.expect(await stage.anonymous.get(`/api/${version}/supported-locales`), { status: 200, body })
      },
    },
  ]
}
