import type { Check } from '../../check.ts'
import { formed } from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'
import type { Stage } from '../../stage.ts'
import { created, rejected, reveal, revealed, share } from './wire.ts'

const UNKNOWN_DOMAIN = 'unknown.conformance.invalid'
/** More than most servers store, and less than most bodies may have. */
const LARGE_BYTES = 100_001
const TOO_LARGE = /^Secret value exceeds the maximum size of (\d+) bytes$/

/** The checks of `/share`, besides its ttl. */
export const shareChecks: readonly Check[] = [
  {
    id: 'v1/share/metadata',
    section: 'v1Metadata',
    title: 'the response to a share has each field with its type, and no others',
    secrets: 1,
    async run(stage) {
      const answer = await stage.sender.form('/api/v1/share', { secret: stage.secret(), ttl: '3600' })
      const body = created({ recipient: [], passphrase_required: false })
      stage.expect(answer, { status: 200, body })
    },
  },
  {
    id: 'v1/share/passphrase-required',
    section: 'v1Metadata',
    title: 'passphrase_required says whether there is a passphrase; an empty one is none',
    secrets: 2,
    async run(stage) {
      const shareWith = (passphrase: string) =>
        stage.sender.form('/api/v1/share', { secret: stage.secret(), ttl: '3600', passphrase })
      stage.expect(await shareWith('tulip'), { status: 200, body: { passphrase_required: true } })
      stage.expect(await shareWith(''), { status: 200, body: { passphrase_required: false } })
    },
  },
  {
    id: 'v1/share/unknown-parameters',
    section: 'v1Requests',
    title: 'unknown parameters are ignored',
    secrets: 1,
    async run(stage) {
      const more = { SECRET_KEY: 'x', METADATA_KEY: 'y', metadata_ttl: '1', secret_ttl: '2' }
      const shared = await share(stage, more)
      stage.expect(await reveal(stage, shared), revealed(shared))
    },
  },
  {
    id: 'v1/share/nothing',
    section: 'v1Errors',
    title: 'no secret and an empty secret are rejected',
    secrets: 0,
    async run(stage) {
      const nothing = rejected('You did not provide anything to share')
      stage.expect(await stage.sender.form('/api/v1/share'), nothing)
      stage.expect(await stage.sender.form('/api/v1/share', { secret: '' }), nothing)
    },
  },
  {
    id: 'v1/share/too-large',
    section: 'v1Errors',
    title: 'a secret of the maximum size is kept, and one byte more is rejected, not cut',
    secrets: 1,
    run: tooLarge,
  },
  {
    id: 'v1/share/passphrase-too-large',
    section: 'v1Errors',
    title: 'a passphrase of more than 1,024 bytes is rejected',
    secrets: 0,
    async run(stage) {
      const params = { secret: stage.secret(), ttl: '3600', passphrase: 'p'.repeat(1025) }
      stage.expect(
        await stage.sender.form('/api/v1/share', params),
        rejected('Passphrase exceeds the maximum size of 1024 bytes'),
      )
    },
  },
  {
    id: 'v1/share/recipient-anonymous',
    section: 'v1Errors',
    title: 'an anonymous sender cannot have a link emailed',
    secrets: 0,
    needs: ['anonymous creation'],
    async run(stage) {
      const params = { secret: stage.secret(), ttl: '3600', recipient: 'nobody@conformance.invalid' }
      stage.expect(
        await stage.anonymous.form('/api/v1/share', params),
        rejected('An account is required to send emails.'),
      )
    },
  },
  {
    id: 'v1/share/recipient-invalid',
    section: 'v1Errors',
    title: 'an invalid recipient is rejected, and quoted',
    secrets: 0,
    needs: ['account'],
    async run(stage) {
      const params = { secret: stage.secret(), ttl: '3600', recipient: 'no address' }
      const message = formed(
        '"Undeliverable email address: no address", or "This server does not send emails"',
        /^(Undeliverable email address: no address|This server does not send emails)$/,
      )
      stage.expect(await stage.owner.form('/api/v1/share', params), rejected(message))
    },
  },
  {
    id: 'v1/share/unknown-domain',
    section: 'v1Errors',
    title: 'a share domain that the server does not have is rejected, and quoted',
    secrets: 0,
    async run(stage) {
      const params = { secret: stage.secret(), ttl: '3600', share_domain: UNKNOWN_DOMAIN }
      stage.expect(
        await stage.sender.form('/api/v1/share', params),
        rejected(`Unknown domain: ${UNKNOWN_DOMAIN}`),
      )
    },
  },
]

async function tooLarge(stage: Stage): Promise<void> {
  const send = (bytes: number) =>
    stage.sender.form('/api/v1/share', { secret: stage.hide('s'.repeat(bytes)), ttl: '3600' })
  const refused = await send(LARGE_BYTES)
  const [, limit] = TOO_LARGE.exec(String(fieldOf(refused.body, 'message'))) ?? []
  if (refused.status === 200) return checkWhole(stage, LARGE_BYTES, fieldOf(refused.body, 'secret_key'))
  stage.require(refused, rejected(formed('"Secret value exceeds the maximum size of N bytes"', TOO_LARGE)))
  const kept = await send(Number(limit))
  stage.require(kept, { status: 200 })
  await checkWhole(stage, Number(limit), fieldOf(kept.body, 'secret_key'))
  const message = `Secret value exceeds the maximum size of ${limit} bytes`
  stage.expect(await send(Number(limit) + 1), rejected(message))
}

async function checkWhole(stage: Stage, bytes: number, secretKey: unknown): Promise<void> {
  const whole = { value: 's'.repeat(bytes), secretKey: String(secretKey) }
  stage.expect(await reveal(stage, whole), revealed(whole))
}
