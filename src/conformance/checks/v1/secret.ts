import type { Check } from '../../check.ts'
import { absent } from '../../expect/matchers.ts'
import type { Stage } from '../../stage.ts'
import { receipt, rejected, reveal, revealed, type Shared, share, unknownSecret } from './wire.ts'

/** Texts that servers and clients have spoiled. */
const TEXTS = [
  '  spaces and a tab\t at both ends  ',
  '\nline ends\r\nof all\rkinds\n',
  '👩‍👩‍👧‍👦 שלום é e\u0301 \ufeff',
  'like parameters: &secret=b;c=%41+%zz#d',
  '<b>"markup" & \'quotes\'</b> {"like":"JSON"}',
]

/** The checks of `/secret/:key`. */
export const secretChecks: readonly Check[] = [
  {
    id: 'v1/secret/once',
    section: 'v1Endpoints',
    title: 'a reveal answers the value and the key alone, and from then on the secret is unknown',
    secrets: 1,
    async run(stage) {
      const shared = await share(stage)
      const first = await reveal(stage, shared)
      stage.expect(first, revealed(shared))
      stage.claim(first.label, 'no metadata key for the recipient', !first.text.includes(shared.receiptKey))
      for (let attempt = 0; attempt < 2; attempt += 1) await expectGone(stage, shared)
    },
  },
  {
    id: 'v1/secret/bytes',
    section: 'v1Requests',
    title: 'a secret is kept byte for byte',
    secrets: TEXTS.length,
    async run(stage) {
      for (const secret of TEXTS) {
        const shared = await share(stage, { secret: stage.hide(secret) })
        stage.expect(await reveal(stage, shared), revealed(shared))
      }
    },
  },
  {
    id: 'v1/secret/passphrase',
    section: 'v1Errors',
    title:
      'a wrong, missing or trimmed passphrase gets Unknown secret and no value, and the right one the secret',
    secrets: 1,
    async run(stage) {
      const shared = await share(stage, { passphrase: ' tülip & 花 ' })
      for (const params of [{}, { passphrase: 'rose' }, { passphrase: 'tülip & 花' }]) {
        const answer = await reveal(stage, shared, params)
        stage.expect(answer, unknownSecret(shared.secretKey))
        stage.expect(answer, { body: { value: absent } })
      }
      stage.expect(await reveal(stage, shared, { passphrase: ' tülip & 花 ' }), revealed(shared))
      await expectGone(stage, shared)
    },
  },
  {
    id: 'v1/secret/kept',
    section: 'atMostOnce',
    title: 'a wrong passphrase, GET, HEAD, the page and the receipt cost no secret',
    secrets: 1,
    async run(stage) {
      const shared = await share(stage, { passphrase: 'tulip' })
      const wrong = await reveal(stage, shared, { passphrase: 'rose' })
      stage.expect(wrong, unknownSecret(shared.secretKey))
      for (const method of ['GET', 'HEAD']) {
        const path = `/api/v1/secret/${shared.secretKey}?passphrase=tulip`
        const { label, text } = await stage.anonymous.send({ method, path })
        stage.claim(label, 'nothing is revealed', !text.includes(shared.value))
        const page = await stage.anonymous.send({ method, path: `/secret/${shared.secretKey}` })
        stage.expect(page, { status: 200 })
      }
      stage.expect(await receipt(stage, shared), { status: 200, body: { state: 'new' } })
      stage.expect(await reveal(stage, shared, { passphrase: 'tulip' }), revealed(shared))
    },
  },
  {
    id: 'v1/secret/not-a-key',
    section: 'atMostOnce',
    title: 'a key with something added, in capitals, or of a receipt is no key',
    secrets: 1,
    async run(stage) {
      const shared = await share(stage)
      const { secretKey, receiptKey } = shared
      for (const other of [`${secretKey}.`, `${secretKey}a`, secretKey.toUpperCase(), receiptKey]) {
        stage.expect(await reveal(stage, { secretKey: stage.hide(other) }), unknownSecret(other))
      }
      stage.expect(await reveal(stage, shared), revealed(shared))
    },
  },
  {
    id: 'v1/secret/unknown',
    section: 'v1Errors',
    title: 'an unknown key is answered with the key that was requested',
    secrets: 0,
    async run(stage) {
      const secretKey = 'x'.repeat(31)
      stage.expect(await reveal(stage, { secretKey }), unknownSecret(secretKey))
      stage.expect(await reveal(stage, { secretKey: 'x' }), rejected('Unknown secret'))
    },
  },
]

async function expectGone(stage: Stage, shared: Shared): Promise<void> {
  const answer = await reveal(stage, shared, { passphrase: 'tulip' })
  stage.expect(answer, unknownSecret(shared.secretKey))
  stage.claim(answer.label, 'the secret is not revealed again', !answer.text.includes(shared.value))
}
