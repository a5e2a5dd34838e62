import { createKeyRing } from '../../src/crypto/key-ring.ts'
import type { RedisServer } from './redis.ts'

/** The root key of servers that share a store. */
export const ROOT_KEY = '9a3f17c05e8842d1b6c2f0a97d4e5831c6b90f24e7a85d133f6092ab4c7de518'

/** A root key that opens nothing on that store. */
export const OTHER_ROOT_KEY = '1b7e93d24c60af8815f2c7d9036ba4ee5d8f1029c34b7a66e0951fd2873cb64a'

/** Makes a store what 0.1.0 left: with no root key recorded, it accepts a server with another one. */
export async function forgetRootKeys({ client }: RedisServer): Promise<void> {
  await client.del('el:roots')
}

/** Returns the short id of a root key in hexadecimal digits. */
export function idOf(key: string): string {
  return createKeyRing([Buffer.from(key, 'hex')]).current.id
}
