import type { DomainError } from '../../errors.ts'
import type { RedisConnection } from './connection.ts'

/** Creates what stands for a connection that could not be opened: each call fails with the reason. */
export function absentConnection(reason: DomainError): RedisConnection {
  const fail = (): never => {
    throw reason
  }
  return { run: async () => fail(), masters: fail, masterOf: fail, close: async () => undefined }
}
