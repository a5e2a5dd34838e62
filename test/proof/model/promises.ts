/** What is promised. A promise is checked where `CHECK_` and its name are defined: spin/promises.pml. */
export const PROMISES = {
  once: 'At most one reader or burner.',
  burned: 'No reader after a burn was acknowledged.',
  available: 'A secret that was acknowledged and neither claimed nor expired can be claimed.',
  honest: '`Unknown secret` never answers the request that consumed the secret.',
  refused: 'A refused request costs nothing.',
  final: 'Nobody reads a secret that somebody entitled to it was told is gone.',
  expired: 'Nobody reads a secret after its ttl.',
} as const

/** The name of a promise. */
export type PromiseName = keyof typeof PROMISES

/** The names of all promises, in the order of the matrix. */
export const PROMISE_NAMES = Object.keys(PROMISES) as PromiseName[]
