import { setImmediate as endOfTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createGroupCommit } from '../../src/store/lmdb/group-commit.ts'

/** A disk on which each flush ends when the test says so. */
function createDisk() {
  const groups: number[][] = []
  let ended = () => {}
  const commits = createGroupCommit(async (group) => {
    await endOfTurn()
    groups.push([])
    group()
    await new Promise<void>((resolve) => {
      ended = resolve
    })
  })
  const write = (count: number) =>
    Array.from({ length: count }, (_, number) => commits.run(() => groups.at(-1)?.push(number)))
  const flush = async () => {
    await endOfTurn()
    ended()
    await endOfTurn()
  }
  return { commits, groups, write, flush, sizes: () => groups.map(({ length }) => length) }
}

it('flushes one half of many requests while the other is handled', async () => {
  const { write, flush, sizes } = createDisk()
  void write(1)
  await flush()
  void write(64)
  await flush()
  void write(32)
  await flush()
  void write(32)
  await flush()
  expect(sizes()).toEqual([1, 32, 32, 32])
})

it('flushes few requests together, in their order', async () => {
  const { write, flush, groups } = createDisk()
  void write(1)
  await flush()
  void write(16)
  await flush()
  expect(groups[1]).toEqual(Array.from({ length: 16 }, (_, number) => number))
})

it('answers no request before its flush has ended', async () => {
  const { commits, flush } = createDisk()
  let answered = false
  const answer = commits
    .run(() => 'stored')
    .finally(() => {
      answered = true
    })
  await endOfTurn()
  await endOfTurn()
  expect(answered).toBe(false)
  await flush()
  expect(await answer).toBe('stored')
})

it('fails only the work that throws, and only those whose commit fails', async () => {
  let failure: Error | undefined
  const commits = createGroupCommit(async (group) => {
    group()
    if (failure !== undefined) throw failure
  })
  const faulty = () => {
    throw new Error('no such record')
  }
  const [first, second] = await Promise.allSettled([commits.run(faulty), commits.run(() => 2)])
  expect([first, second]).toMatchObject([{ reason: { message: 'no such record' } }, { value: 2 }])
  failure = new Error('the disk is full')
  await expect(commits.run(() => 3)).rejects.toThrow('the disk is full')
  failure = undefined
  expect(await commits.run(() => 4)).toBe(4)
})

it('fails all that waits when there is no write lock', async () => {
  const commits = createGroupCommit(() => Promise.reject(new Error('closed')))
  const results = await Promise.allSettled([commits.run(() => 1), commits.run(() => 2)])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await commits.idle()
})
