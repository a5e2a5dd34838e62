import type { Quota } from '../../../src/limits/rates.ts'
import { attemptFrom } from '../../../src/secrets/attempts.ts'
import { type Milliseconds, milliseconds } from '../../../src/time.ts'
import { type NewPair, newId, newPair, ROOT, START, TTL } from '../../contract/samples.ts'
import { type SeededRandom, seededRandom } from '../../support/random.ts'
import { later } from '../../support/time.ts'
import type { StepCall } from './parked.ts'
import { RING } from './sample.ts'
import type { History } from './store-calls.ts'

const CALLS = 40
const NETWORKS = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
const ATTEMPTS = NETWORKS.map((network) => attemptFrom(RING, network))
const LIMIT = { limit: 12, windowMs: milliseconds(300_000) }
/** How far time moves on before a call: by nothing most times, to just before an end, and past it. */
const SPANS = [0, 0, 0, 0, 0, 0, 1, 1000, 59_999, 60_000, 299_999, 300_000, TTL * 1000 - 1]

/** Weighted by how often each is drawn. A withdrawal or a take ends too much to be frequent. */
const METHODS = [
  ...['claim', 'claim', 'claim', 'claim', 'claim', 'claim', 'claim', 'claim', 'peek', 'peek'],
  ...['settle', 'settle', 'settleAll', 'setMemo', 'countAttempts', 'countAttempts', 'rates', 'create'],
  ...['clearAttempts', 'take', 'withdraw'],
] as const

/**
 * Draws calls of a store about two secrets, one with a passphrase and one without, while time goes on past the end of both.
 *
 * @param seed The same for the same calls, but for ids and contents.
 */
export function drawCalls(seed: string): History {
  const random = seededRandom(seed)
  const pairs = [
    newPair({ protected: true }, { origin: 'generated' }),
    newPair({ sender: Buffer.from('me') }),
  ]
  let now = START
  const creations = pairs.map((pair) => ({ name: 'secrets.create', args: [pair, now] }))
  const drawn = Array.from({ length: CALLS }, () => {
    now = later(now, random.pick(SPANS))
    return drawCall(random, pairs, { bucket: seed, limit: LIMIT }, now)
  })
  return [...creations, ...drawn]
}

function drawCall(
  random: SeededRandom,
  pairs: readonly NewPair[],
  quota: Quota,
  now: Milliseconds,
): StepCall {
  const { id } = random.pick(pairs)
  const outcome = random.pick(['received', 'burned'] as const)
  const counted = random.chance(0.5) ? [quota] : []
  const method = random.pick(METHODS)
  const call = (...args: unknown[]) => ({ name: `secrets.${method}`, args })
  switch (method) {
    case 'create':
      return call(newPair({}, { created: now, updated: now }), now, ...counted)
    case 'claim':
      return call(id, { outcome, ...drawClaimant(random) }, now, ...counted)
    case 'take':
      return call(id, outcome, now)
    case 'settle':
      return call(id, random.pick(['sender', 'observer']), now)
    case 'settleAll':
      return call([...pairs.map((pair) => pair.id), newId()], now)
    case 'setMemo':
      return call(id, random.pick([undefined, Buffer.from('a memo'), Buffer.from('another')]), now)
    case 'countAttempts':
    case 'withdraw':
      return call(id)
    case 'clearAttempts':
      return call(id, outcome, now)
    case 'peek':
      return call(id, now)
    case 'rates':
      return { name: 'rates.take', args: [{ ...quota, requests: 1 + random.below(3) }, now] }
  }
}

/** Draws what a claim comes with: most times the right root key, and an attempt from one of a few networks. */
function drawClaimant(random: SeededRandom) {
  const roots = random.chance(0.9) ? [ROOT] : ['ffffffff']
  return random.chance(0.2) ? { roots } : { roots, attempt: random.pick(ATTEMPTS) }
}
