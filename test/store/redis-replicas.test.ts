import { EventEmitter } from 'node:events'
import type { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { createConfirmation } from '../../src/store/redis/replicas.ts'

const CLOSED = 'Redis closed the connection before replicas confirmed a write'

it('lets no other connection confirm a write, since that has nothing to wait for', async () => {
  const node = Object.assign(new EventEmitter(), { stream: {}, wait: async () => 1 })
  const confirmation = createConfirmation(1)
  const server = node as unknown as Redis
  await confirmation.confirm(server)
  const lost = confirmation.confirm(server)
  node.stream = {}
  await expect(lost).rejects.toThrow(CLOSED)
  await expect(confirmation.confirm(undefined)).rejects.toThrow(CLOSED)
  await expect(confirmation.attempt(undefined)).resolves.toBeUndefined()
})
