import { strict as assert } from 'node:assert'
import { DomainError } from '../../../src/errors.ts'
import {
  describe,
  isAbsence,
  isFull,
  missesReplicas,
  rejectionOf,
  storeUnavailable,
} from '../../../src/store/redis/errors.ts'
import type { Target } from '../target.ts'

/** Errors of Redis, which may quote the arguments of a command. */
export const target: Target = {
  name: 'redis-errors',
  input: 'the message of an error',
  seeds: () => [
    "ERR unknown command 'EVALSHAX', with args beginning with: 'secret' 'more' ",
    'NOREPLICAS Not enough good replicas to write.',
    "OOM command not allowed when used memory > 'maxmemory'.",
    'Connection is closed.',
    'WRONGPASS invalid username-password pair or user is disabled.',
    '1 of 2 replicas confirmed a write',
  ],
  run(input) {
    const message = input.toString()
    const { message: described } = describe(new Error(`${message}, with args beginning with: 'sealed'`))
    assert.ok(message.includes('sealed') || !described.includes('sealed'))
    const error = storeUnavailable(new Error(message))
    assert.ok(error instanceof DomainError && error.code === 'store_unavailable')
    assert.equal(missesReplicas(error), 'reason' in error.detail)
    if (isFull(error)) assert.equal(rejectionOf(error), 'OOM')
    isAbsence(error)
  },
}
