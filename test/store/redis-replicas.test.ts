import { EventEmitter } from 'node:events'
import type { Redis } from 'ioredis'
import { expect, it, vi } from 'vitest'
import { createConfirmation } from '../../src/store/redis/replicas.ts'

const CLOSED = 'Redis closed the connection before replicas confirmed a write'

/** A master of which only what a confirmation needs exists. */
function startNode(wait: () => Promise<number> = async () => 1) {
  const node = Object.assign(new EventEmitter(), {
    stream: {},
    wait: vi.fn(wait),
    set: vi.fn(async () => 'OK'),
  })
  return { node, server: node as unknown as Redis }
}

it('lets no other connection confirm a write, since that has nothing to wait for', async () => {
  const { node, server } = startNode()
  const confirmation = createConfirmation(1)
  await confirmation.confirm(server)
  const lost = confirmation.confirm(server)
  node.stream = {}
  await expect(lost).rejects.toThrow(CLOSED)
  await expect(confirmation.confirm(undefined)).rejects.toThrow(CLOSED)
  await expect(confirmation.attempt(undefined)).resolves.toBeUndefined()
})

it('waits once for writes that are answered together, and once more for each that is answered later', async () => {
  const replies: ((replicas: number) => void)[] = []
  const { node, server } = startNode(() => new Promise((resolve) => replies.push(resolve)))
  const confirmation = createConfirmation(1)
  const together = [confirmation.confirm(server), confirmation.confirm(server)]
  await expect.poll(() => replies.length).toBe(1)
  const later = confirmation.confirm(server)
  await expect.poll(() => replies.length).toBe(2)
  for (const reply of replies) reply(1)
  await Promise.all([...together, later])
  const last = confirmation.confirm(server)
  await expect.poll(() => replies.length).toBe(3)
  replies[2]?.(1)
  await last
  expect(node.wait).toHaveBeenCalledTimes(3)
})

it('asks the replicas before a script once for each connection, as the next one may lead to another master', async () => {
  const { node, server } = startNode()
  const confirmation = createConfirmation(1)
  await confirmation.ensure(server, '{slot}')
  await confirmation.ensure(server, '{slot}')
  expect([node.set, node.wait].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
  node.emit('close')
  await confirmation.ensure(server, '{slot}')
  expect([node.set, node.wait].map(({ mock }) => mock.calls.length)).toEqual([2, 2])
})

it('waits for no attempt while replicas are missing, and for one again once they have confirmed', async () => {
  let replicas = 0
  const { node, server } = startNode(async () => replicas)
  const confirmation = createConfirmation(1)
  await expect(confirmation.confirm(server)).rejects.toThrow()
  await confirmation.attempt(server)
  expect(node.wait).toHaveBeenCalledTimes(1)
  replicas = 1
  await confirmation.confirm(server)
  await confirmation.attempt(server)
  expect(node.wait).toHaveBeenCalledTimes(3)
})
