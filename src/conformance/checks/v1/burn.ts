import type { Check } from '../../check.ts'
import type { Expected, Matcher } from '../../expect/matcher.ts'
import { exactly, the } from '../../expect/matchers.ts'
import type { Stage } from '../../stage.ts'
import {
  gone,
  NEWER_NAMES,
  receipt,
  rejected,
  reveal,
  revealed,
  type Shared,
  share,
  unknownSecret,
} from './wire.ts'

/** The checks of `/private/:key/burn` and its aliases. */
export const burnChecks: readonly Check[] = [
  {
    id: 'v1/burn/response',
    section: 'v1Endpoints',
    title: 'a burn answers the metadata as state, and the first 6 characters of the secret key',
    secrets: 1,
    async run(stage) {
      const shared = await share(stage)
      stage.expect(await burn(stage, shared), { status: 200, body: burned(shared) })
    },
  },
  {
    id: 'v1/burn/final',
    section: 'v1Errors',
    title: 'a burned secret can be neither revealed nor burned again, and its receipt says burned',
    secrets: 1,
    async run(stage) {
      const shared = await share(stage)
      stage.require(await burn(stage, shared), { status: 200, body: { state: { state: 'burned' } } })
      const answer = await reveal(stage, shared)
      stage.expect(answer, unknownSecret(shared.secretKey))
      stage.claim(answer.label, 'no burned secret is revealed', !answer.text.includes(shared.value))
      stage.expect(await burn(stage, shared), unknownSecret(shared.receiptKey))
      stage.expect(await receipt(stage, shared), { status: 200, body: gone('burned') })
    },
  },
  {
    id: 'v1/burn/revealed',
    section: 'v1Errors',
    title: 'a revealed secret cannot be burned, and its receipt still says received',
    secrets: 1,
    async run(stage) {
      const shared = await share(stage)
      stage.require(await reveal(stage, shared), revealed(shared))
      stage.expect(await burn(stage, shared), unknownSecret(shared.receiptKey))
      stage.expect(await receipt(stage, shared), { status: 200, body: gone('received') })
    },
  },
  {
    id: 'v1/burn/passphrase',
    section: 'v1Errors',
    title:
      'a burn with a wrong or without the passphrase is rejected with Incorrect passphrase, and burns nothing',
    secrets: 1,
    async run(stage) {
      const shared = await share(stage, { passphrase: 'tulip' })
      stage.expect(await burn(stage, shared, { passphrase: 'rose' }), rejected('Incorrect passphrase'))
      stage.expect(await burn(stage, shared), rejected('Incorrect passphrase'))
      stage.expect(await receipt(stage, shared), { status: 200, body: { state: 'new' } })
      const right = await burn(stage, shared, { passphrase: 'tulip' })
      stage.expect(right, { status: 200, body: { state: { state: 'burned' } } })
    },
  },
  {
    id: 'v1/burn/paths',
    section: 'v1NewerNames',
    title: 'a burn works on /metadata too, and on /receipt with the newer names',
    secrets: 2,
    async run(stage) {
      const first = await share(stage)
      const older = await stage.anonymous.form(`/api/v1/metadata/${first.receiptKey}/burn`)
      stage.expect(older, { status: 200, body: burned(first) })
      const second = await share(stage)
      const newer = await stage.anonymous.form(`/api/v1/receipt/${second.receiptKey}/burn`)
      stage.expect(newer, { status: 200, body: burned(second, { ...NEWER_NAMES, has_passphrase: false }) })
    },
  },
  {
    id: 'v1/burn/unknown',
    section: 'v1Errors',
    title: 'a burn of an unknown receipt is answered Unknown secret with the requested key',
    secrets: 0,
    async run(stage) {
      const receiptKey = 'x'.repeat(31)
      stage.expect(await burn(stage, { receiptKey }), unknownSecret(receiptKey))
    },
  },
]

function burned({ receiptKey, secretKey }: Shared, more: Readonly<Record<string, Expected>> = {}): Matcher {
  const metadata_key = the('the requested key', receiptKey)
  return exactly({
    state: gone('burned', { metadata_key, passphrase_required: false, ...more }),
    secret_shortkey: the('the first 6 characters of the key', secretKey.slice(0, 6)),
  })
}

function burn(
  stage: Stage,
  { receiptKey }: Pick<Shared, 'receiptKey'>,
  params: Readonly<Record<string, string>> = {},
) {
  return stage.anonymous.form(`/api/v1/private/${receiptKey}/burn`, params)
}
