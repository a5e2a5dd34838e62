import { randomBytes } from 'node:crypto'
import argon2 from 'argon2'
import { createHashQueue, type Hashing } from './hash-queue.ts'

/** Cost of one passphrase attempt. */
export interface Argon2Cost {
  /** KiB. */
  readonly memory: number
  /** Passes over the memory. */
  readonly time: number
}

/** The Argon2 parameters stored with a record, which derive the same key from the same passphrase. */
export interface Argon2Parameters extends Argon2Cost {
  /** 16 random bytes. */
  readonly salt: Buffer
}

/** Key material from a passphrase. */
export interface Stretched {
  readonly parameters: Argon2Parameters
  /** 32 bytes. */
  readonly output: Buffer
}

/** Hashes passphrases, only a few at a time, so that they cannot starve the rest of the server. */
export interface PassphraseHasher {
  /** Rejects work early when the queue has no place for it. @throws DomainError `overloaded`. */
  assertCapacity(hashing: Hashing): void
  /**
   * Stretches a passphrase by Argon2id (RFC 9106, version 1.3, one lane) over its UTF-8 in NFC, so that it is the same on
   * every keyboard and system (RFC 8265, OpaqueString).
   *
   * @param hashing Decides on the place in the queue.
   * @param parameters From a record; by default the configured cost and a fresh salt.
   * @throws DomainError `overloaded` when the queue has no place for it, or no longer.
   */
  stretch(passphrase: string, hashing: Hashing, parameters?: Argon2Parameters): Promise<Stretched>
  /**
   * Runs other work that is as expensive, in the same queue.
   *
   * @param hashing Decides on the place in the queue.
   * @throws DomainError `overloaded` as for `stretch`; and whatever `work` throws.
   */
  run<T>(hashing: Hashing, work: () => Promise<T>): Promise<T>
  /** The number of hashes in the queue. */
  readonly waiting: number
}

const SALT_BYTES = 16
const MIN_MEMORY_KIB = 8
const MAX_MEMORY_KIB = 1024 * 1024
const MIN_TIME = 1
const MAX_TIME = 16

/**
 * Tells whether a record may have this cost. More than 1 GiB or 16 passes is a forgery that wastes memory and time; 8 KiB
 * and one pass are Argon2's minimum.
 */
export function isAllowedCost({ memory, time }: Argon2Cost): boolean {
  return memory >= MIN_MEMORY_KIB && memory <= MAX_MEMORY_KIB && time >= MIN_TIME && time <= MAX_TIME
}

/**
 * Creates the hasher of a process.
 *
 * @param cost The cost for new passphrases.
 * @param atOnce Maximum number of concurrent hashes. Each occupies a thread of libuv's pool, which also runs LMDB commits
 *   and DNS lookups: leave at least two threads free.
 * @param maxWaiting Maximum number of queued hashes.
 * @throws RangeError when the cost is out of bounds: what it seals could never be opened.
 */
export function createPassphraseHasher(
  cost: Argon2Cost,
  atOnce: number,
  maxWaiting: number,
): PassphraseHasher {
  if (!isAllowedCost(cost)) throw new RangeError('the cost of Argon2 is out of bounds')
  let running = 0
  const queue = createHashQueue(maxWaiting)

  async function acquireSlot(hashing: Hashing): Promise<void> {
    if (running < atOnce) running += 1
    else await queue.join(hashing)
  }

  // Hands the slot directly to the next hash in the queue.
  function releaseSlot(): void {
    if (!queue.next()) running -= 1
  }

  async function run<T>(hashing: Hashing, work: () => Promise<T>): Promise<T> {
    await acquireSlot(hashing)
    try {
      return await work()
    } finally {
      releaseSlot()
    }
  }

  return {
    run,
    assertCapacity(hashing) {
      if (running >= atOnce) queue.assertPlace(hashing)
    },
    get waiting() {
      return queue.length
    },
    stretch: (passphrase, hashing, parameters = { ...cost, salt: randomBytes(SALT_BYTES) }) =>
      run(hashing, async () => {
        const output = await argon2.hash(passphrase.normalize('NFC'), {
          type: argon2.argon2id,
          memoryCost: parameters.memory,
          timeCost: parameters.time,
          parallelism: 1,
          hashLength: 32,
          salt: parameters.salt,
          raw: true,
        })
        return { parameters, output }
      }),
  }
}
