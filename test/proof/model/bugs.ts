import type { PromiseName } from './promises.ts'

/** A fault that others shipped, or that we could, planted in the model. */
export interface Bug {
  /** Is defined in the model. */
  readonly name: string
  readonly title: string
  /** What else is defined. */
  readonly scope: readonly string[]
  /** The promise that it breaks. */
  readonly breaks: PromiseName
}

const ALONE = ['NODES=1', 'REPLICAS=0', 'SKEW=0']
const CRASHING = [...ALONE, 'DISKS', 'CRASHES=1']
const PROTECTED = [...ALONE, 'PASSPHRASES']
const LIMITED = [...PROTECTED, 'LIMITS']
const LOST = ['NODES=3', 'SKEW=0', 'FAILOVERS=1', 'ABSENCES=0', 'LOST']
const REPLACED = ['NODES=3', 'SKEW=0', 'FAILOVERS=1', 'ABSENCES=0', 'REPLACED']

/** Every planted bug. The checks are worth something only if they find each. */
export const BUGS: readonly Bug[] = [
  {
    name: 'BUG_READ_THEN_DELETE',
    title: 'a claim that reads first and deletes in a second step',
    scope: ALONE,
    breaks: 'once',
  },
  {
    name: 'BUG_TAKE_WITHOUT_COMPARE',
    title: 'a second step, after the passphrase, that does not look whether the secret is still there',
    scope: PROTECTED,
    breaks: 'once',
  },
  {
    name: 'BUG_ANSWER_BEFORE_CLAIM',
    title: 'an answer before the claim',
    scope: ALONE,
    breaks: 'once',
  },
  {
    name: 'BUG_RESEND',
    title: 'a client library that sends a step again when its reply was lost',
    scope: ALONE,
    breaks: 'honest',
  },
  {
    name: 'BUG_LOST_AS_UNKNOWN',
    title: 'a lost reply that is told as `Unknown secret`',
    scope: ALONE,
    breaks: 'honest',
  },
  {
    name: 'BUG_ANSWER_BEFORE_FLUSH',
    title: 'an answer before the claim is on disk',
    scope: CRASHING,
    breaks: 'once',
  },
  {
    name: 'BUG_ANSWER_BEFORE_WAIT',
    title: 'an answer before the replicas have confirmed',
    scope: [...LOST, 'REPLICAS=2'],
    breaks: 'once',
  },
  {
    name: 'BUG_WAIT_FOR_OWN_WRITES',
    title: 'an `Unknown secret` that waits for no replica, since its script has written nothing',
    scope: [...LOST, 'REPLICAS=2', 'PASSPHRASES'],
    breaks: 'final',
  },
  {
    name: 'BUG_CONFIRM_ELSEWHERE',
    title:
      'a confirmation by the replicas of the node that has the slot by now, not of the one that ran the claim',
    scope: [...REPLACED, 'CLUSTER', 'REPLICAS=2'],
    breaks: 'once',
  },
  {
    name: 'BUG_CREATE_UNCONFIRMED',
    title: 'a link that is given out before the replicas have the secret',
    scope: [...LOST, 'REPLICAS=2'],
    breaks: 'available',
  },
  {
    name: 'BUG_PROMOTE_ANY',
    title: 'a failover to any replica, not to the one that has received most',
    scope: [...LOST, 'REPLICAS=1'],
    breaks: 'once',
  },
  {
    name: 'BUG_BURN_WITHOUT_COMPARE',
    title: 'a burn that succeeds whether or not the secret is still there',
    scope: ALONE,
    breaks: 'once',
  },
  {
    name: 'BUG_CLAIM_BEFORE_PASSPHRASE',
    title: 'a claim that takes the secret before the passphrase is verified',
    scope: PROTECTED,
    breaks: 'honest',
  },
  {
    name: 'BUG_EXPIRY_IGNORED',
    title: 'a claim that leaves expiry to the sweep',
    scope: [...ALONE, 'TIME'],
    breaks: 'expired',
  },
  {
    name: 'BUG_SWEEP_BY_INDEX',
    title: 'a sweep that deletes what the index names without looking whether it was stored anew',
    scope: [...ALONE, 'TIME', 'SWEEPS', 'IMPORTS'],
    breaks: 'available',
  },
  {
    name: 'BUG_ALIAS_HOLDS_SECRET',
    title: 'an alias that holds the imported secret itself',
    scope: [...ALONE, 'IMPORTS'],
    breaks: 'once',
  },
  {
    name: 'BUG_COUNTED_AFTER_CLAIM',
    title: 'a rate limit that is counted after the claim',
    scope: LIMITED,
    breaks: 'refused',
  },
  {
    name: 'BUG_LOCKED_COUNTS',
    title: 'a passphrase attempt that counts although it is refused',
    scope: LIMITED,
    breaks: 'refused',
  },
]
