import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createFailureLimit, type FailureLimit } from '../../src/limits/failure-limit.ts'
import { milliseconds, seconds } from '../../src/time.ts'

const LIMIT = { limit: 3, windowMs: milliseconds(600_000) }

let time = 0
const now = () => milliseconds(time)

/** Begins attempts at once and returns, each time it is called, which of them have begun or been rejected. */
function beginMany(failures: FailureLimit, count: number): () => Promise<(number | undefined)[]> {
  const waits: (number | undefined)[] = Array(count).fill(undefined)
  for (let i = 0; i < count; i += 1) void failures.begin('a').then((wait) => (waits[i] = wait))
  return async () => {
    await turn()
    return [...waits]
  }
}

it('lets no more attempts be under way than may fail, and the next begins once one has succeeded', async () => {
  const failures = createFailureLimit(LIMIT, now)
  const waits = beginMany(failures, 5)
  expect(await waits()).toEqual([0, 0, 0, undefined, undefined])
  failures.end('a', 'succeeded')
  expect(await waits()).toEqual([0, 0, 0, 0, undefined])
  failures.end('a', 'failed')
  expect(await waits()).toEqual([0, 0, 0, 0, undefined])
  for (let i = 0; i < 3; i += 1) failures.end('a', 'succeeded')
  expect(await waits()).toEqual([0, 0, 0, 0, 0])
})

it('rejects the attempts that waited once too many have failed, until the window ends', async () => {
  const failures = createFailureLimit(LIMIT, now)
  const waits = beginMany(failures, 5)
  await waits()
  for (let i = 0; i < 3; i += 1) failures.end('a', 'failed')
  expect(await waits()).toEqual([0, 0, 0, 600, 600])
  expect(await failures.begin('b')).toBe(0)
  time += 599_000
  expect(await failures.begin('a')).toBe(1)
  time += 1000
  expect(await failures.begin('a')).toBe(0)
})

it('counts no successful attempt, however many there are', async () => {
  const failures = createFailureLimit(LIMIT, now)
  for (let i = 0; i < 10; i += 1) {
    expect(await failures.begin('a')).toBe(0)
    failures.end('a', 'succeeded')
  }
})

it('rejects attempts while too many have failed in other processes', async () => {
  const failures = createFailureLimit(LIMIT, now)
  failures.block('a', seconds(20))
  expect(await failures.begin('a')).toBe(20)
  time += 20_000
  expect(await failures.begin('a')).toBe(0)
})

it('forgets idle buckets, not those with attempts under way, when there are very many', async () => {
  const failures = createFailureLimit({ ...LIMIT, limit: 1 }, now)
  expect(await failures.begin('idle')).toBe(0)
  failures.end('idle', 'failed')
  const waiting = beginMany(failures, 2)
  expect(await waiting()).toEqual([0, undefined])
  for (let i = 0; i < 8192; i += 1) failures.block(String(i), seconds(60))
  expect(await failures.begin('idle')).toBe(0)
  failures.end('a', 'succeeded')
  expect(await waiting()).toEqual([0, 0])
})
