import { randomBytes } from 'node:crypto'
import argon2 from 'argon2'
import { DomainError } from '../errors.ts'
import { seconds } from '../time.ts'

/** Cost of one passphrase attempt. */
export interface Argon2Cost {
  /** KiB. */
  readonly memory: number
  /** Passes over the memory. */
  readonly time: number
}

/** What a record holds so that the same passphrase leads to the same key again. */
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

/** Runs Argon2id, a few at a time, so that passphrase attempts cannot starve the rest of the server. */
export interface PassphraseHasher {
  /** Rejects early what would not be queued. @throws DomainError `overloaded`. */
  assertCapacity(): void
  /**
   * Stretches a passphrase by Argon2id of RFC 9106, version 1.3, one lane, over its UTF-8 in NFC (RFC 8265,
   * OpaqueString: the same letters typed on another system are the same passphrase).
   *
   * @param parameters Those of a record; by default the configured cost and a fresh salt.
   * @throws DomainError `overloaded` when too many wait already.
   */
  stretch(passphrase: string, parameters?: Argon2Parameters): Promise<Stretched>
  /** How many hashes wait for their turn. */
  readonly waiting: number
}

const SALT_BYTES = 16
const RETRY_AFTER = seconds(2)
const MIN_MEMORY_KIB = 8
const MAX_MEMORY_KIB = 1024 * 1024
const MIN_TIME = 1
const MAX_TIME = 16

/**
 * Whether a record may name this cost. One that asks for more than 1 GiB or 16 passes was not written by us and would only
 * waste memory and time; 8 KiB and one pass are the minimum of Argon2.
 */
export function isAllowedCost({ memory, time }: Argon2Cost): boolean {
  return memory >= MIN_MEMORY_KIB && memory <= MAX_MEMORY_KIB && time >= MIN_TIME && time <= MAX_TIME
}

/**
 * Creates the hasher of a process.
 *
 * @param cost For new passphrases.
 * @param atOnce Hashes under way at the same time. Each fills one thread of libuv's pool, which LMDB commits and
 *   DNS look-ups share: leave it at least two threads.
 * @param maxWaiting Hashes that may queue behind those.
 * @throws RangeError when no record may name the cost: what it sealed could never be opened.
 */
export function createPassphraseHasher(
  cost: Argon2Cost,
  atOnce: number,
  maxWaiting: number,
): PassphraseHasher {
  if (!isAllowedCost(cost)) throw new RangeError('the cost of Argon2 is out of bounds')
  let running = 0
  const queue: (() => void)[] = []

  function assertCapacity(): void {
    if (running >= atOnce && queue.length >= maxWaiting) {
      throw new DomainError('overloaded', { retryAfter: RETRY_AFTER })
    }
  }

  async function acquireSlot(): Promise<void> {
    assertCapacity()
    if (running < atOnce) running += 1
    else await new Promise<void>((resolve) => queue.push(resolve))
  }

  // The slot of a finished hash passes to the next in the queue without becoming free in between.
  function releaseSlot(): void {
    const next = queue.shift()
    if (next === undefined) running -= 1
    else next()
  }

  return {
    assertCapacity,
    get waiting() {
      return queue.length
    },
    async stretch(passphrase, parameters = { ...cost, salt: randomBytes(SALT_BYTES) }) {
      await acquireSlot()
      try {
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
      } finally {
        releaseSlot()
      }
    },
  }
}
