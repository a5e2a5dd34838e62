import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import argon2 from 'argon2'
import { isAllowedCost } from './passphrase.ts'

// Nothing makes `$2x$` but PHP's fix of an old fault, with other results.
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/
const ARGON2ID =
  /^\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{6,}$/
const MIN_BCRYPT_COST = 4
const MAX_BCRYPT_COST = 15
const MAX_LANES = 16
const MIN_KIB_PER_LANE = 8
const MAX_LENGTH = 512

// bcrypt takes 300 ms of pure JavaScript, for which a thread of its own keeps the event loop free.
const COMPARE = `const { parentPort, workerData } = require('node:worker_threads')
const { path, passphrase, digest } = workerData
parentPort.postMessage(require(path).compareSync(passphrase, digest))`

/**
 * Tells whether `matchesDigest` can read a digest, at a cost that no forgery raises: bcrypt up to cost 15, about 3 s, or
 * Argon2id (RFC 9106) in PHC format within the bounds of `isAllowedCost`.
 */
export function isReadableDigest(digest: string): boolean {
  if (digest.length > MAX_LENGTH) return false
  const [, cost] = BCRYPT.exec(digest) ?? []
  if (cost !== undefined) return Number(cost) >= MIN_BCRYPT_COST && Number(cost) <= MAX_BCRYPT_COST
  const [, memory, time, lanes] = ARGON2ID.exec(digest) ?? []
  const isAllowed = isAllowedCost({ memory: Number(memory), time: Number(time) })
  const isSplit = Number(lanes) >= 1 && Number(memory) >= MIN_KIB_PER_LANE * Number(lanes)
  return isAllowed && isSplit && Number(lanes) <= MAX_LANES
}

/**
 * Tells whether a passphrase has a digest that another program made of it. Only for a place in the queue of passphrases.
 *
 * @param digest One that `isReadableDigest` accepts.
 */
export async function matchesDigest(digest: string, passphrase: string): Promise<boolean> {
  return BCRYPT.test(digest) ? matchesBcrypt(digest, passphrase) : argon2.verify(digest, passphrase)
}

function matchesBcrypt(digest: string, passphrase: string): Promise<boolean> {
  const path = createRequire(import.meta.url).resolve('bcryptjs')
  return new Promise((resolve, reject) => {
    const worker = new Worker(COMPARE, { eval: true, workerData: { path, passphrase, digest } })
    worker.once('message', resolve).once('error', reject)
    worker.once('exit', () => reject(new Error('the thread that compares with bcrypt has ended')))
  })
}
