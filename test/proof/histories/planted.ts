import type { Answer, Call } from '../specification.ts'
import type { HistoryLine } from './history.ts'

const TTL_MS = 1000

/** A request as `call: answer`, and when it was called and answered. */
type Told = readonly [
  request: `${Call}: ${Answer}`,
  from: number,
  to: number,
  age?: readonly [number, number],
]

const created: Told = ['create: created', 0, 1]

/** Histories of a secret that break a promise, by what has gone wrong. */
export const WRONG: Readonly<Record<string, readonly Told[]>> = {
  'two readers': [created, ['reveal: value', 5, 20], ['reveal: value', 10, 15]],
  'a reader and a burner': [created, ['reveal: value', 5, 20], ['burn: burned', 10, 15]],
  'a reader after the burn was acknowledged': [created, ['burn: burned', 2, 3], ['reveal: value', 4, 5]],
  'a lost secret': [created, ['peek: available', 2, 3], ['reveal: unknown', 4, 5], ['view: pending', 6, 7]],
  'a secret that was lost before anybody came': [created, ['reveal: unknown', 4, 5], ['view: unknown', 6, 7]],
  'Unknown secret to the request that consumed it': [
    created,
    ['reveal: unknown', 4, 5],
    ['view: revealed', 6, 7],
  ],
  'Unknown secret to the request that consumed it, while others ask': [
    created,
    ['attempt: unknown', 3, 9],
    ['peek: available', 2, 9],
    ['burn: unknown', 4, 5],
    ['view: burned', 6, 7],
  ],
  "another secret's content": [created, ['reveal: wrong', 4, 5]],
  'a reader after it had expired': [created, ['reveal: value', 1500, 1501, [1499, 1501]]],
  'a burn after it had expired': [created, ['burn: burned', 1500, 1501, [1499, 1501]]],
  'expired before its time': [created, ['view: expired', 500, 501, [499, 501]]],
  'a receipt forgotten before its time': [created, ['view: unknown', 1500, 1501, [1499, 1501]]],
  'resurrected by a failover, and revealed again': [
    created,
    ['reveal: value', 2, 3],
    ['peek: unknown', 4, 5],
    ['reveal: value', 90, 95],
  ],
  'resurrected by a failover, and seen': [created, ['reveal: value', 2, 3], ['peek: available', 90, 95]],
  'resurrected by a failover, and its receipt too': [
    created,
    ['burn: burned', 2, 3],
    ['view: pending', 90, 95],
  ],
  'a passphrase that is still checked after the end': [
    created,
    ['reveal: value', 2, 3],
    ['attempt: incorrect passphrase', 4, 5],
  ],
  'unknown, and revealed later': [created, ['reveal: unknown', 2, 3], ['reveal: value', 4, 5]],
  'a receipt that says burned of a revealed secret': [
    created,
    ['reveal: value', 2, 3],
    ['view: burned', 4, 5],
  ],
  'a receipt that says revealed of a secret which nobody tried to reveal': [
    created,
    ['reveal: refused', 2, 3],
    ['burn: unclear', 2, 3],
    ['view: revealed', 4, 5],
    ['reveal: unclear', 6, 7],
  ],
  'a receipt that says burned of a secret which nobody tried to burn': [
    created,
    ['reveal: unclear', 2, 3],
    ['burn: refused', 2, 3],
    ['view: burned', 4, 5],
  ],
  'a secret that looks gone before anybody came': [
    created,
    ['peek: unknown', 2, 3],
    ['reveal: unclear', 4, 5],
    ['reveal: value', 6, 7],
  ],
  'a reveal that is undone after somebody was told of it': [
    created,
    ['reveal: unclear', 2, 3],
    ['burn: unknown', 4, 5],
    ['view: pending', 6, 7],
  ],
  'a reveal that a failover undid after it had been seen': [
    created,
    ['reveal: unclear', 2, 3],
    ['view: revealed', 4, 5],
    ['attempt: incorrect passphrase', 6, 7],
    ['reveal: value', 8, 9],
  ],
  'two claims that two masters show in turns': [
    created,
    ['burn: unclear', 2, 30],
    ['reveal: unclear', 3, 30],
    ['view: burned', 4, 5],
    ['view: revealed', 6, 7],
    ['peek: available', 8, 9],
    ['view: burned', 10, 11],
    ['reveal: unknown', 40, 41],
    ['view: revealed', 42, 43],
  ],
  'revealed before it was created': [
    ['reveal: value', 0, 1],
    ['create: created', 2, 3],
  ],
  'created twice': [created, ['create: created', 2, 3]],
  'forgotten by a refused creation, and yet revealed': [
    ['create: refused', 0, 1],
    ['reveal: value', 2, 3],
  ],
}

/** Histories that look odd, and are right. */
export const RIGHT: Readonly<Record<string, readonly Told[]>> = {
  'a claim whose answer was lost, and nobody else has it': [
    created,
    ['reveal: unclear', 2, 3],
    ['reveal: unknown', 4, 5],
    ['view: revealed', 6, 7],
  ],
  'a claim without an answer that takes effect much later': [
    created,
    ['burn: unclear', 2, 3],
    ['peek: available', 50, 51],
    ['view: pending', 52, 53],
    ['reveal: unknown', 60, 61],
    ['view: burned', 62, 63],
  ],
  'a claim without an answer that never takes effect': [
    created,
    ['burn: unclear', 2, 3],
    ['reveal: unclear', 3, 30],
    ['reveal: value', 40, 50],
  ],
  'a reader who is called first and answered last': [
    created,
    ['reveal: value', 2, 90],
    ['reveal: unknown', 40, 50],
    ['view: pending', 3, 45],
    ['burn: unknown', 45, 95],
  ],
  'a burn that is acknowledged while the reader waits': [
    created,
    ['burn: unknown', 2, 40],
    ['reveal: value', 30, 31],
  ],
  'clocks that tell different ages': [
    created,
    ['reveal: unknown', 500, 501, [1200, 1300]],
    ['peek: available', 510, 511, [509, 1300]],
    ['burn: burned', 520, 521, [519, 1300]],
  ],
  'a rate limit, which does nothing': [created, ['reveal: refused', 2, 3], ['reveal: value', 4, 5]],
  'a creation without an answer': [['create: unclear', 0, 1]],
}

/** Returns the lines of a history of one secret. */
export function linesOf(story: readonly Told[], secret = 1): HistoryLine[] {
  return story.map(([request, from, to, age = [0, to] as const]) => {
    const [call, answer] = request.split(': ') as [Call, Answer]
    const timing = call === 'create' ? { ttl: TTL_MS } : { age }
    return { secret, call, answer, from, to, ...timing, server: 0, fault: 'none' }
  })
}
