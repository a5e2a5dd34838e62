/** The stores that servers are tortured on. */
export const STORES = ['lmdb', 'redis', 'sentinel', 'cluster'] as const

/** The name of a kind of store. */
export type StoreName = (typeof STORES)[number]

/** Tells whether a kind of store has replicas, which must confirm what is answered. */
export function isReplicated(store: string): boolean {
  return store === 'sentinel' || store === 'cluster'
}

/** What a fault explains, where nobody has got a secret that is no longer available. */
export interface FaultKind {
  /** It cuts connections of clients, whose answers are lost with them. */
  readonly cutsAnswers: boolean
  /** It keeps answers of the store from the server, which then says 503 and cannot know more. */
  readonly losesReplies: boolean
  /** How long it lasts: the minimum and the maximum, in milliseconds. */
  readonly holdMs: readonly [number, number]
}

const crash = { cutsAnswers: true, losesReplies: false, holdMs: [0, 800] } as const

/** All faults. */
export const FAULTS = {
  none: { cutsAnswers: false, losesReplies: false, holdMs: [0, 200] },
  /** SIGKILL of a server, with its workers left to end by themselves. */
  'kill-server': crash,
  'kill-worker': crash,
  /** SIGSTOP of a server with its workers, which then finds that its store's replies are late. */
  'pause-server': { cutsAnswers: false, losesReplies: true, holdMs: [300, 2500] },
  /** SIGTERM under load: no request under way may be lost. */
  'stop-server': { cutsAnswers: false, losesReplies: false, holdMs: [0, 400] },
  /** SIGKILL of Redis, of one master of a cluster, or of Sentinel's master. */
  'kill-store': { cutsAnswers: false, losesReplies: true, holdMs: [100, 2500] },
  /** SIGSTOP of the same. */
  'pause-store': { cutsAnswers: false, losesReplies: true, holdMs: [300, 6000] },
  /** A failover that Sentinel or a replica of a cluster was asked for. */
  'switch-store': { cutsAnswers: false, losesReplies: true, holdMs: [200, 1500] },
  /** Replies are lost on the way from Redis to a server, one connection at a time. */
  'cut-store': { cutsAnswers: false, losesReplies: true, holdMs: [400, 1500] },
  /** The wall clock of a server jumps, or that of all, and back again. */
  'move-clock': { cutsAnswers: false, losesReplies: false, holdMs: [200, 1200] },
  /** A master of Sentinel or a cluster is cut off: nobody hears from it, and half of the time it hears nothing, but it runs. */
  'part-store': { cutsAnswers: false, losesReplies: true, holdMs: [500, 5000] },
  /** A full store: what it holds can be revealed all the same. */
  full: { cutsAnswers: false, losesReplies: false, holdMs: [500, 2000] },
} as const satisfies Record<string, FaultKind>

/** The name of a fault. */
export type FaultName = keyof typeof FAULTS

const ANYWHERE = [
  'none',
  'kill-server',
  'kill-worker',
  'stop-server',
  'pause-server',
  'move-clock',
  'full',
] as const

/** After which another node may become the master. */
export const FAILING_OVER = ['kill-store', 'pause-store', 'switch-store', 'part-store'] as const

const REPLICATED = [...ANYWHERE, ...FAILING_OVER] as const

/** The faults of each kind of store. */
export const FAULTS_OF: Readonly<Record<StoreName, readonly FaultName[]>> = {
  lmdb: ANYWHERE,
  redis: [...ANYWHERE, 'kill-store', 'pause-store', 'cut-store'],
  sentinel: REPLICATED,
  cluster: REPLICATED,
}
