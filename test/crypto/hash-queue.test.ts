import { describe, expect, it } from 'vitest'
import { createHashQueue, type Hashing, type HashQueue } from '../../src/crypto/hash-queue.ts'

/** A queue whose turns are recorded. */
function watchQueue(maxWaiting: number) {
  const queue: HashQueue = createHashQueue(maxWaiting)
  const served: string[] = []
  const refused: string[] = []
  return {
    queue,
    served,
    refused,
    join(name: string, purpose: Hashing['purpose'], network = name) {
      queue.join({ purpose, network }).then(
        () => served.push(name),
        ({ code }) => refused.push(`${name} ${code}`),
      )
    },
    /** Gives some turns, or all. */
    async turns(count = queue.length) {
      for (let i = 0; i < count; i += 1) {
        queue.next()
        await settled()
      }
    },
  }
}

const settled = () => new Promise(setImmediate)

describe('the queue of passphrases', () => {
  it('serves claims before accounts, and accounts before anonymous senders', async () => {
    const { join, turns, served } = watchQueue(10)
    join('anonymous', 'anonymous')
    join('account', 'account')
    join('claim', 'claim')
    await turns()
    expect(served).toEqual(['claim', 'account', 'anonymous'])
  })

  it('serves those of one purpose in the order of their arrival', async () => {
    const { join, turns, served } = watchQueue(10)
    for (const name of ['a', 'b', 'c']) join(name, 'anonymous')
    await turns()
    expect(served).toEqual(['a', 'b', 'c'])
  })

  it('lets the client networks of one purpose take turns', async () => {
    const { join, turns, served } = watchQueue(10)
    for (const name of ['a1', 'a2', 'a3']) join(name, 'claim', 'a')
    await turns(1)
    join('b1', 'claim', 'b')
    join('b2', 'claim', 'b')
    await turns(2)
    expect(served.slice(1).toSorted()).toEqual(['a2', 'b1'])
    await turns()
    expect(served.slice(3).toSorted()).toEqual(['a3', 'b2'])
  })

  it('lets no client network that comes later overtake one that has waited as often', async () => {
    const { join, turns, served } = watchQueue(10)
    for (const name of ['a1', 'a2', 'a3', 'a4']) join(name, 'claim', 'a')
    await turns(2)
    for (const name of ['b1', 'b2', 'b3']) join(name, 'claim', 'b')
    await turns()
    expect(served).toEqual(['a1', 'a2', 'b1', 'a3', 'b2', 'a4', 'b3'])
  })

  it('rejects the newest of the lowest purpose when it is full and a higher one comes', async () => {
    const { queue, join, turns, served, refused } = watchQueue(8)
    for (const name of ['1', '2', '3', '4', '5']) join(name, 'anonymous')
    for (const name of ['6', '7', '8']) join(name, 'account')
    join('9', 'claim')
    join('10', 'account')
    await settled()
    expect(refused).toEqual(['5 overloaded', '4 overloaded'])
    expect(queue.length).toBe(8)
    await turns(1)
    expect(served).toEqual(['9'])
  })

  it('rejects a newcomer of the lowest purpose when it is full', async () => {
    const { queue, join, refused } = watchQueue(8)
    for (let i = 0; i < 7; i += 1) join(`${i}`, 'anonymous')
    join('last', 'anonymous')
    await settled()
    expect(refused).toEqual(['last overloaded'])
    const overloaded = expect.objectContaining({
      code: 'overloaded',
      detail: { retryAfter: expect.any(Number) },
    })
    expect(() => queue.assertPlace({ purpose: 'anonymous', network: 'x' })).toThrow(overloaded)
    expect(() => queue.assertPlace({ purpose: 'claim', network: 'x' })).not.toThrow()
  })

  it('never fills up with anonymous senders against a claim, however many come', async () => {
    const { join, turns, served, refused } = watchQueue(64)
    for (let i = 0; i < 500; i += 1) join(`flood ${i}`, 'anonymous', `${i % 5}`)
    for (let i = 0; i < 40; i += 1) join(`reader ${i}`, 'claim')
    for (let i = 0; i < 500; i += 1) join(`flood ${i + 500}`, 'anonymous', `${i % 5}`)
    await turns()
    expect(served.filter((name) => name.startsWith('reader'))).toHaveLength(40)
    expect(refused.filter((name) => name.startsWith('reader'))).toEqual([])
  })

  it('rejects a waiter of the client network that has most when it is full of one purpose', async () => {
    const { join, turns, served, refused } = watchQueue(8)
    for (let i = 0; i < 7; i += 1) join(`flood ${i}`, 'claim', 'flood')
    join('reader', 'claim')
    await settled()
    expect(refused).toEqual(['flood 6 overloaded'])
    await turns(2)
    expect(served).toContain('reader')
  })

  it('takes no place from one whose client network has no other', async () => {
    const { join, refused } = watchQueue(8)
    for (let i = 0; i < 7; i += 1) join(`reader ${i}`, 'claim')
    for (let i = 0; i < 20; i += 1) join(`flood ${i}`, 'claim', `flood ${i}`)
    await settled()
    expect(refused.filter((name) => name.startsWith('reader'))).toEqual([])
    expect(refused).toHaveLength(20)
  })

  it('leaves anonymous senders a place and every fourth turn in a flood of claims', async () => {
    const { join, turns, served, refused } = watchQueue(64)
    const flood = (at: number) => {
      for (let i = 0; i < 100; i += 1) join(`claim ${at} ${i}`, 'claim')
    }
    flood(0)
    for (let i = 0; i < 5; i += 1) join(`sender ${i}`, 'anonymous')
    for (let at = 1; at <= 100; at += 1) {
      flood(at)
      await turns(4)
    }
    expect(served.filter((name) => name.startsWith('sender'))).toHaveLength(5)
    expect(refused.filter((name) => name.startsWith('sender'))).toEqual([])
    expect(served).toHaveLength(400)
  })

  it('gives nobody a turn when it is empty, and nobody a place when it has none', async () => {
    expect(createHashQueue(4).next()).toBe(false)
    const { join, refused } = watchQueue(0)
    join('a', 'claim')
    await settled()
    expect(refused).toEqual(['a overloaded'])
  })
})
