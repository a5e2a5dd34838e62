import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { labelledHash } from './derive.ts'

const ROOT_KEY_BYTES = 32
const ROOT_ID_LENGTH = 8

/** The server's long-lived key, and the short name by which records refer to it. */
export interface RootKey {
  /** 8 hexadecimal digits. */
  readonly id: string
  readonly key: KeyObject
}

/** Root keys, newest first: the first seals, any opens. */
export interface KeyRing {
  readonly current: RootKey
  readonly all: readonly RootKey[]
  /** The ids of all. */
  readonly ids: readonly string[]
  find(id: string): RootKey | undefined
}

/** Makes 32 random bytes for a root key, as 64 hexadecimal digits. */
export function newRootKey(): string {
  return randomBytes(ROOT_KEY_BYTES).toString('hex')
}

/**
 * Makes the key ring of a server. A root key's id is a labelled hash of it, so that it need not be configured.
 *
 * @param keys Root keys of 32 bytes each, newest first, at least one.
 * @throws RangeError when there is no key, one has another size, or two are the same.
 */
export function createKeyRing(keys: readonly Buffer[]): KeyRing {
  const all = keys.map((bytes) => {
    if (bytes.length !== ROOT_KEY_BYTES) throw new RangeError(`a root key has ${ROOT_KEY_BYTES} bytes`)
    return {
      id: labelledHash('root-id', bytes.toString('hex'), 'hex').slice(0, ROOT_ID_LENGTH),
      key: createSecretKey(bytes),
    }
  })
  const [current] = all
  if (current === undefined) throw new RangeError('a key ring has at least one root key')
  const byId = new Map(all.map((root) => [root.id, root]))
  if (byId.size !== all.length) throw new RangeError('a root key stands twice in the ring')
  return { current, all, ids: [...byId.keys()], find: (id) => byId.get(id) }
}
