import fastify from 'fastify'
import pino from 'pino'
import { expect, it } from 'vitest'
import { DomainError } from '../../src/errors.ts'
import { healthRoutes } from '../../src/http/health.ts'
import { serializers } from '../../src/http/log.ts'

it('readiness logs why it fails, once for each time', async () => {
  const lines: string[] = []
  let failure: Error | undefined
  const app = fastify({
    loggerInstance: pino({ level: 'warn', serializers }, { write: (line) => void lines.push(line) }),
  })
  await app.register(healthRoutes, {
    async ready() {
      if (failure !== undefined) throw failure
      return { warnings: [] }
    },
    stopping: () => false,
  })
  const statuses = []
  for (const reason of ['the lock is held', 'the lock is held', undefined, 'the disk is gone']) {
    failure =
      reason === undefined ? undefined : new DomainError('store_unavailable', { cause: new Error(reason) })
    statuses.push((await app.inject('/health/ready')).statusCode)
  }
  expect(statuses).toEqual([503, 503, 200, 503])
  expect(lines.map((line) => JSON.parse(line).err.reason)).toEqual(['the lock is held', 'the disk is gone'])
  await app.close()
})
