import { byDeadline } from '../../deadline.ts'

const LATE = Symbol('late')

/**
 * Waits for `work`, up to a maximum time.
 *
 * @throws Error when it takes longer than `timeoutMs`; and whatever `work` throws.
 */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const outcome = await byDeadline<T, typeof LATE>(timeoutMs, work, LATE)
  if (outcome === LATE) throw new Error(`Redis was not ready to serve within ${timeoutMs} ms`)
  return outcome
}
