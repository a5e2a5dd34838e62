import type { Check } from '../../check.ts'
import { such, within } from '../../expect/matchers.ts'
import { fieldOf } from '../../json.ts'
import type { Stage } from '../../stage.ts'

/** Seconds that may pass before a response says what is left. */
const DELAY = 30

/** The checks of the ttl. */
export const ttlChecks: readonly Check[] = [
  {
    id: 'v1/ttl/granted',
    section: 'v1Metadata',
    title: 'the granted ttl is an hour when that is requested, and the receipt lasts twice as long',
    secrets: 1,
    async run(stage) {
      stage.expect(await shareFor(stage, '3600'), {
        status: 200,
        body: { ttl: 3600, secret_ttl: within(3600 - DELAY, 3600), metadata_ttl: within(7200 - DELAY, 7200) },
      })
    },
  },
  {
    id: 'v1/ttl/decimal',
    section: 'v1Parameters',
    title: 'a ttl may have a fraction or an exponent',
    secrets: 2,
    async run(stage) {
      for (const ttl of ['3600.5', '3.6e3']) {
        stage.expect(await shareFor(stage, ttl), { status: 200, body: { ttl: 3600 } })
      }
    },
  },
  {
    id: 'v1/ttl/minimum',
    section: 'v1Parameters',
    title: 'a ttl of 1 to 59 means 60',
    secrets: 2,
    async run(stage) {
      for (const ttl of ['1', '59']) {
        stage.expect(await shareFor(stage, ttl), { status: 200, body: { ttl: 60 } })
      }
    },
  },
  {
    id: 'v1/ttl/default',
    section: 'v1Parameters',
    title: 'an empty, zero or negative ttl, and one that is no number, means the default',
    secrets: 5,
    async run(stage) {
      const answer = await stage.sender.form('/api/v1/share', { secret: stage.secret() })
      stage.require(answer, { status: 200, body: { ttl: such('at least 60', isGranted) } })
      const ttl = fieldOf(answer.body, 'ttl') as number
      for (const given of ['', '0', '-1', 'soon']) {
        stage.expect(await shareFor(stage, given), { status: 200, body: { ttl } })
      }
    },
  },
  {
    id: 'v1/ttl/maximum',
    section: 'v1Parameters',
    title: "a ttl above the caller's maximum means the maximum, and is no error",
    secrets: 2,
    async run(stage) {
      const most = await shareFor(stage, '99999999999')
      stage.require(most, { status: 200, body: { ttl: such('at least 60', isGranted) } })
      const ttl = fieldOf(most.body, 'ttl') as number
      stage.claim(most.label, 'the ttl is clamped', ttl < 99_999_999_999)
      stage.expect(await shareFor(stage, String(ttl + 1)), { status: 200, body: { ttl } })
    },
  },
]

function shareFor(stage: Stage, ttl: string) {
  return stage.sender.form('/api/v1/share', { secret: stage.secret(), ttl })
}

function isGranted(ttl: unknown): boolean {
  return Number.isSafeInteger(ttl) && (ttl as number) >= 60
}
