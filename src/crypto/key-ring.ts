import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { derive, labelledHash } from './derive.ts'

const ROOT_KEY_BYTES = 32
const ROOT_ID_LENGTH = 8
const CHECK_BYTES = 16

/** A long-lived key of the server, and the short id by which records refer to it. */
export interface RootKey {
  /** 8 hexadecimal digits. */
  readonly id: string
  /** 16 bytes by which a store knows the key again, and which reveal nothing about it. Source: SPEC.md section 2. */
  readonly check: Buffer
  readonly key: KeyObject
}

/** The root keys of a server, newest first. The first one seals; all of them open. */
export interface KeyRing {
  readonly current: RootKey
  readonly all: readonly RootKey[]
  /** The ids of all root keys. */
  readonly ids: readonly string[]
  find(id: string): RootKey | undefined
}

/** Generates a root key: 32 random bytes as 64 hexadecimal digits. */
export function newRootKey(): string {
  return randomBytes(ROOT_KEY_BYTES).toString('hex')
}

/**
 * Creates the key ring of a server. A root key's id is a labelled hash of the key, so it needs no configuration.
 *
 * @param keys Root keys of 32 bytes each, newest first, at least one.
 * @throws RangeError when no key is given, one has a different size, or two are the same.
 */
export function createKeyRing(keys: readonly Buffer[]): KeyRing {
  const all = keys.map((bytes) => {
    if (bytes.length !== ROOT_KEY_BYTES) throw new RangeError(`a root key must have ${ROOT_KEY_BYTES} bytes`)
    const key = createSecretKey(bytes)
    return {
      id: labelledHash('root-id', bytes.toString('hex'), 'hex').slice(0, ROOT_ID_LENGTH),
      check: derive(key, 'root-check').subarray(0, CHECK_BYTES),
      key,
    }
  })
  const [current] = all
  if (current === undefined) throw new RangeError('a key ring needs at least one root key')
  const byId = new Map(all.map((root) => [root.id, root]))
  if (byId.size !== all.length) throw new RangeError('a key ring must not contain the same root key twice')
  return { current, all, ids: [...byId.keys()], find: (id) => byId.get(id) }
}
