import type { Check } from '../../check.ts'
import { absent, exactly, listOf, text, the, within } from '../../expect/matchers.ts'
import {
  available,
  created,
  gone,
  key,
  NEWER_NAMES,
  receipt,
  reveal,
  revealed,
  share,
  unknownSecret,
} from './wire.ts'

const HOUR = 3600
const DELAY = 60

/** The checks of `/private/:key` and its aliases. */
export const receiptChecks: readonly Check[] = [
  {
    id: 'v1/receipt/fields',
    section: 'v1Metadata',
    title: 'the receipt of an available secret has each field with its type, no others, and not the secret',
    secrets: 1,
    async run(stage) {
      const shared = await share(stage, { passphrase: 'tulip' })
      const answer = await receipt(stage, shared)
      stage.expect(answer, {
        status: 200,
        body: available({
          metadata_key: the('the requested key', shared.receiptKey),
          secret_key: the('the secret key', shared.secretKey),
          ttl: HOUR,
          secret_ttl: within(HOUR - DELAY, HOUR),
          metadata_ttl: within(2 * HOUR - DELAY, 2 * HOUR),
          passphrase_required: true,
          recipient: listOf(text),
        }),
      })
      stage.claim(answer.label, 'no receipt has the secret', !answer.text.includes(shared.value))
    },
  },
  {
    id: 'v1/receipt/viewed',
    section: 'v1States',
    title: 'the first look at a receipt answers new, and the next one viewed',
    secrets: 1,
    async run(stage) {
      const shared = await share(stage)
      stage.expect(await receipt(stage, shared), { status: 200, body: { state: 'new' } })
      stage.expect(await receipt(stage, shared), { status: 200, body: { state: 'viewed' } })
    },
  },
  {
    id: 'v1/receipt/received',
    section: 'v1States',
    title: 'a revealed secret is received, with the time and without its key, and stays so',
    secrets: 1,
    async run(stage) {
      const shared = await share(stage)
      stage.expect(await reveal(stage, shared), revealed(shared))
      for (let look = 0; look < 2; look += 1) {
        const answer = await receipt(stage, shared)
        stage.expect(answer, { status: 200, body: gone('received') })
        stage.claim(answer.label, 'no receipt has the secret', !answer.text.includes(shared.value))
      }
    },
  },
  {
    id: 'v1/receipt/paths',
    section: 'v1Endpoints',
    title: 'a receipt is answered to GET and POST, and on /metadata',
    secrets: 1,
    async run(stage) {
      const { receiptKey } = await share(stage)
      const metadata_key = the('the requested key', receiptKey)
      const found = { status: 200, body: available({ metadata_key, passphrase_required: false }) }
      stage.expect(await stage.anonymous.form(`/api/v1/private/${receiptKey}`), found)
      stage.expect(await stage.anonymous.get(`/api/v1/metadata/${receiptKey}`), found)
      stage.expect(await stage.anonymous.form(`/api/v1/metadata/${receiptKey}`), found)
    },
  },
  {
    id: 'v1/receipt/newer-names',
    section: 'v1NewerNames',
    title: '/create and /receipt answer with the newer names beside the older ones',
    secrets: 1,
    async run(stage) {
      const params = { secret: stage.secret(), ttl: String(HOUR) }
      const made = await stage.sender.form('/api/v1/create', params)
      const flags = { passphrase_required: false, has_passphrase: false }
      const newer = { ...NEWER_NAMES, ...flags, secret_identifier: key }
      stage.require(made, { status: 200, body: created(newer) })
      const { metadata_key: receiptKey } = made.body as { metadata_key: string }
      const looked = await stage.anonymous.get(`/api/v1/receipt/${receiptKey}`)
      const body = available({ ...newer, identifier: the('the requested key', receiptKey) })
      stage.expect(looked, { status: 200, body })
    },
  },
  {
    id: 'v1/receipt/unknown',
    section: 'v1Errors',
    title: 'an unknown receipt, and the key of a secret, are answered Unknown secret',
    secrets: 1,
    async run(stage) {
      const { secretKey } = await share(stage)
      for (const receiptKey of ['x'.repeat(31), secretKey]) {
        const answer = await receipt(stage, { receiptKey })
        stage.expect(answer, unknownSecret(receiptKey))
        stage.expect(answer, { body: exactly({ message: text, secret_key: text }) })
        stage.expect(answer, { body: { metadata_key: absent } })
      }
    },
  },
]
