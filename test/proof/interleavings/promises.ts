/** What must hold in every interleaving. */
export const PROMISES = {
  once: 'at most one reader or burner gets the secret',
  burned: 'nobody gets the secret after its burn was acknowledged',
  unknown: '`Unknown secret` never answers the request that consumed it',
  free: 'a request that was refused costs nothing',
  limit: 'no more requests are accepted than the rate limit',
  wasted: 'nothing but a lost answer wastes a claim',
  claimable: 'a secret that nobody claimed, and that has not expired, can still be claimed',
  final: 'a claimed secret never comes back',
  receipt: 'the receipt says what happened',
  attempts: 'every attempt at a passphrase is counted before its answer',
  explained:
    'the answers are those of one request after the other, each between its beginning and its answer',
  ends: 'nobody waits for ever',
} as const

/** The name of a promise. */
export type PromiseName = keyof typeof PROMISES
