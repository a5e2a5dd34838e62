import type { PromiseName } from './promises.ts'

/** A way to run Emberlink, and what is expected of it. */
export interface Setting {
  readonly name: string
  readonly title: string
  /** What is defined in the model. Everything is searched within each of these; the first has every broken promise. */
  readonly scopes: readonly (readonly string[])[]
  /** The promises that do not hold. Their shortest stories are in stories.json. */
  readonly broken: readonly PromiseName[]
}

const ALONE = ['NODES=1', 'REPLICAS=0', 'SKEW=0']
const CRASHING = [...ALONE, 'DISKS', 'CRASHES=1', 'LIMITS']
const ONE_FAILOVER = ['NODES=3', 'SKEW=0', 'FAILOVERS=1', 'ABSENCES=0']
const AND_ABSENCE = ['NODES=3', 'SKEW=0', 'FAILOVERS=1', 'ABSENCES=1']
const TWO_FAILOVERS = ['NODES=3', 'SKEW=0', 'FAILOVERS=2', 'ABSENCES=0']
const CLUSTER = ['CLUSTER']
const MOVING_SLOT = ['NODES=4', 'SKEW=0', 'SLOTS', 'REPLICAS=1', ...CLUSTER]

/** Every row of the matrix. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'redis',
    title: 'one Redis, `appendfsync always`',
    scopes: [
      [...CRASHING, 'PASSPHRASES'],
      [...CRASHING, 'IMPORTS'],
      [...ALONE, 'TIME', 'PASSPHRASES'],
    ],
    broken: [],
  },
  {
    name: 'redis-everysec',
    title: 'one Redis, `appendfsync everysec`',
    scopes: [[...CRASHING, 'EVERYSEC']],
    broken: ['once', 'burned', 'available', 'final'],
  },
  {
    name: 'clocks',
    title: 'one Redis, two servers whose clocks differ',
    scopes: [['NODES=1', 'REPLICAS=0', 'SKEW=1', 'TIME']],
    broken: ['available', 'final', 'expired'],
  },
  {
    name: 'lmdb',
    title: 'embedded store (LMDB)',
    scopes: [
      [...CRASHING, 'PASSPHRASES'],
      [...ALONE, 'TIME', 'SWEEPS', 'IMPORTS'],
    ],
    broken: [],
  },
  {
    name: 'sentinel-none',
    title: 'Sentinel, no `replicas`, the master is lost',
    scopes: [[...ONE_FAILOVER, 'REPLICAS=0', 'LOST']],
    broken: ['once', 'burned', 'available', 'final'],
  },
  {
    name: 'sentinel-fewer',
    title: 'Sentinel, `replicas=1` of 2, the master is lost',
    scopes: [
      [...ONE_FAILOVER, 'REPLICAS=1', 'LOST', 'PASSPHRASES'],
      [...AND_ABSENCE, 'REPLICAS=1', 'LOST'],
    ],
    broken: [],
  },
  {
    name: 'sentinel-fewer-replaced',
    title: 'Sentinel, `replicas=1` of 2, another takes over while the master runs',
    scopes: [[...ONE_FAILOVER, 'REPLICAS=1', 'REPLACED']],
    broken: ['once', 'burned', 'available', 'final'],
  },
  {
    name: 'sentinel-all',
    title: 'Sentinel, `replicas=2` of 2, both of these',
    scopes: [
      [...ONE_FAILOVER, 'REPLICAS=2', 'LOST', 'REPLACED', 'PASSPHRASES'],
      [...AND_ABSENCE, 'REPLICAS=2', 'LOST', 'REPLACED'],
      [...TWO_FAILOVERS, 'REPLICAS=2', 'LOST', 'REPLACED'],
    ],
    broken: [],
  },
  {
    name: 'sentinel-all-power',
    title: 'Sentinel, `replicas=2` of 2, all lose power at once',
    scopes: [[...ONE_FAILOVER, 'REPLICAS=2', 'DISKS', 'POWER', 'CRASHES=1']],
    broken: ['once', 'burned', 'available', 'final'],
  },
  {
    name: 'cluster-none',
    title: 'Cluster, no `replicas`, a master is lost',
    scopes: [[...ONE_FAILOVER, ...CLUSTER, 'REPLICAS=0', 'LOST']],
    broken: ['once', 'burned', 'available', 'final'],
  },
  {
    name: 'cluster-fewer',
    title: 'Cluster, `replicas=1` of 2, a master is lost or hands over',
    scopes: [[...ONE_FAILOVER, ...CLUSTER, 'REPLICAS=1', 'LOST', 'HANDED_OVER']],
    broken: [],
  },
  {
    name: 'cluster-fewer-replaced',
    title: 'Cluster, `replicas=1` of 2, a partition',
    scopes: [[...ONE_FAILOVER, ...CLUSTER, 'REPLICAS=1', 'REPLACED']],
    broken: ['once', 'burned', 'available', 'final'],
  },
  {
    name: 'cluster-all',
    title: 'Cluster, `replicas=2` of 2, a master is lost or hands over',
    scopes: [
      [...ONE_FAILOVER, ...CLUSTER, 'REPLICAS=2', 'LOST', 'HANDED_OVER', 'PASSPHRASES', 'LIMITS'],
      [...AND_ABSENCE, ...CLUSTER, 'REPLICAS=2', 'LOST', 'HANDED_OVER'],
    ],
    broken: [],
  },
  {
    name: 'cluster-all-replaced',
    title: 'Cluster, `replicas=2` of 2, a partition that delays a reply',
    scopes: [[...ONE_FAILOVER, ...CLUSTER, 'REPLICAS=2', 'REPLACED']],
    broken: [],
  },
  {
    name: 'slot',
    title: 'Cluster, all replicas, a slot moves',
    scopes: [MOVING_SLOT],
    broken: [],
  },
  {
    name: 'slot-lost',
    title: 'Cluster, all replicas, a slot moves and its new master is lost',
    scopes: [[...MOVING_SLOT, 'LOST']],
    broken: ['available'],
  },
  {
    name: 'slot-interrupted',
    title: 'Cluster, all replicas, a slot moves and one MIGRATE fails halfway',
    scopes: [[...MOVING_SLOT, 'INTERRUPTED']],
    broken: ['once', 'burned'],
  },
]

/** Tells whether a setting has what a promise is about: time that passes, requests that are refused. */
export function isAbout({ scopes }: Setting, promise: PromiseName): boolean {
  const needed = { expired: 'TIME', refused: 'LIMITS' }[promise as string]
  return needed === undefined || scopes.flat().includes(needed)
}
