import { strict as assert } from 'node:assert'
import { countRequest, type Window, windowAt } from '../../../src/limits/rates.ts'
import { type Attempts, attemptsDue, countAttempt, unexpiredAttempts } from '../../../src/secrets/attempts.ts'
import type { RecordPair, State } from '../../../src/secrets/records.ts'
import { isAvailable, peeked, settled } from '../../../src/secrets/states.ts'
import { decodeAttempts, encodeAttempts } from '../../../src/store/lmdb/format.ts'
import { milliseconds, seconds } from '../../../src/time.ts'
import { InputReader } from '../input-reader.ts'
import type { Target } from '../target.ts'

const LIMITS = {
  perNetwork: { limit: 5, windowMs: milliseconds(600_000) },
  perSecret: { limit: 20, windowMs: milliseconds(1_800_000) },
  newcomerPause: milliseconds(60_000),
}
const STATES: readonly State[] = ['new', 'viewed', 'received', 'burned', 'expired', 'orphaned']
const START = milliseconds(1_768_478_400_000)
const UNTIL = milliseconds(START + 604_800_000)

/** Counters and states in stored records: attempts in any order and at any time, a record with any times. */
export const target: Target = {
  name: 'windows',
  input:
    'attempts: how much later (2 bytes, in seconds) and from which network (1); and the times of a record',
  seeds: () => [
    Buffer.alloc(90),
    Buffer.from('\0\x01a\0\x01b'.repeat(20)),
    Buffer.from('\x02\x58a'.repeat(30)),
  ],
  run(input) {
    assertAttempts(new InputReader(input))
    assertStates(new InputReader(input))
  },
}

function assertAttempts(input: InputReader): void {
  let now = START
  let attempts: Attempts | undefined
  let window: Window | undefined
  const accepted: { readonly network: string; readonly at: number }[] = []
  while (!input.isAtEnd) {
    now = milliseconds(now + (input.byte() * 256 + input.byte()) * 1000)
    const network = `n${input.byte()}`
    const counted = countAttempt(attempts, { ...LIMITS, network }, UNTIL, now)
    if (counted.kind === 'locked') {
      assert.ok(Number.isInteger(counted.retryAfter) && counted.retryAfter >= 1)
    } else {
      assert.ok(counted.left >= 0 && counted.left < LIMITS.perNetwork.limit)
      accepted.push({ network, at: now })
      attempts = decodeAttempts(encodeAttempts(counted.attempts))
      assert.deepEqual(attempts, counted.attempts)
      assert.ok(attemptsDue(attempts).every((at) => at > START))
    }
    const recent = accepted.filter(
      (each) => each.network === network && each.at > now - LIMITS.perNetwork.windowMs,
    )
    // Two windows may meet.
    assert.ok(recent.length <= 2 * LIMITS.perNetwork.limit)
    if (attempts !== undefined) attempts = unexpiredAttempts(attempts, now)
    const request = countRequest(window, { limit: LIMITS.perSecret }, now)
    window = request.window ?? window
    assert.equal(request.wait > 0, request.window === undefined)
    assert.ok(windowAt(window, LIMITS.perSecret, now).count <= LIMITS.perSecret.limit)
  }
}

function assertStates(input: InputReader): void {
  const [created, updated, ttl] = [
    milliseconds(input.number()),
    milliseconds(input.number()),
    seconds(input.number()),
  ]
  const receipt = {
    state: input.pick(STATES),
    created,
    updated,
    ttl,
    protected: false,
    origin: 'given',
  } as const
  const secret = { sealed: Buffer.alloc(0), protected: false, root: '' }
  const pair: RecordPair = input.byte() % 2 === 0 ? { receipt } : { receipt, secret }
  const now = milliseconds(input.number())
  const found = settled(pair, now)
  if (found !== undefined) assert.equal(settled(found, now), found)
  assert.equal(isAvailable(pair, now), peeked(pair, now) !== undefined)
  const isPending = found !== undefined && ['new', 'viewed'].includes(found.receipt.state)
  assert.ok(!isPending || isAvailable(found, now))
}
