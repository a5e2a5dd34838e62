import type { Check } from '../../check.ts'
import { formed } from '../../expect/matchers.ts'
import { receipt, reveal, revealed, share } from './wire.ts'

const PAGE = { status: 200, headers: { 'content-type': formed('"text/html"', /^text\/html\b/) } }

/** The checks of the addresses that clients build for people. */
export const webChecks: readonly Check[] = [
  {
    id: 'v1/web/recipient',
    section: 'v1WebAddresses',
    title: '/secret/KEY is a page, which does not show the secret and costs nothing',
    secrets: 1,
    async run(stage) {
      const shared = await share(stage)
      const page = await stage.anonymous.get(`/secret/${shared.secretKey}`)
      stage.expect(page, PAGE)
      stage.claim(page.label, 'the page has no secret', !page.text.includes(shared.value))
      stage.claim(page.label, 'the page has no receipt key', !page.text.includes(shared.receiptKey))
      stage.expect(await receipt(stage, shared), { status: 200, body: { state: 'new' } })
      stage.expect(await reveal(stage, shared), revealed(shared))
    },
  },
  {
    id: 'v1/web/sender',
    section: 'v1WebAddresses',
    title:
      "/private/KEY, /receipt/KEY and /metadata/KEY are or lead to the sender's page, without the secret",
    secrets: 1,
    async run(stage) {
      const shared = await share(stage)
      const path = `/private/${shared.receiptKey}`
      const page = await stage.anonymous.get(path)
      stage.expect(page, PAGE)
      stage.claim(page.label, 'the page has no secret', !page.text.includes(shared.value))
      for (const alias of ['receipt', 'metadata']) {
        const other = await stage.anonymous.get(`/${alias}/${shared.receiptKey}`)
        const leadsThere = other.status < 400 && other.headers['location']?.endsWith(path) === true
        if (!leadsThere) stage.expect(other, PAGE)
        stage.claim(other.label, 'the page has no secret', !other.text.includes(shared.value))
      }
    },
  },
]
