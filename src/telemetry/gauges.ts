import type * as Prometheus from 'prom-client'
import { byDeadline } from '../deadline.ts'
import type { Readiness, Store } from '../store/store.ts'
import { addStoreGauges, type GaugeRegistration, type StoreSources } from './store-gauges.ts'

// Shorter than the primary waits for a worker. A store that takes longer to answer is as good as down.
const PATIENCE_MS = 2000

/** The sources of gauges. */
export interface Sources extends StoreSources {
  /** Returns the number of passphrases waiting to be hashed. */
  readonly waitingHashes: () => number
  readonly ready: Store['ready']
}

/** A gauge of what readiness says. */
interface ReadinessGauge {
  readonly name: string
  readonly help: string
  /** How the values of several workers become one. */
  readonly aggregator: 'min' | 'first'
  /** Returns its value. @param found Undefined when the store is not ready. */
  readonly of: (found: Readiness | undefined) => number
}

const READINESS_GAUGES: readonly ReadinessGauge[] = [
  {
    name: 'emberlink_store_up',
    help: '1 while secrets can be read and claimed, else 0.',
    aggregator: 'min',
    of: (found) => (found === undefined ? 0 : 1),
  },
  {
    name: 'emberlink_clock_skew_seconds',
    help: "How far the store's clock is ahead of this server's. NaN where that is not known.",
    // All workers share one clock.
    aggregator: 'first',
    of: (found) => found?.clockSkew ?? Number.NaN,
  },
  {
    name: 'emberlink_store_writable',
    help: '1 while new secrets can be stored, else 0: the store is full, or cannot be reached.',
    aggregator: 'min',
    of: (found) => (found === undefined || found.full !== undefined ? 0 : 1),
  },
]

/**
 * Adds gauges that read their sources whenever the metrics are collected.
 *
 * @param patienceMs How long the store may take to answer, in milliseconds.
 */
export function addGauges(
  { Gauge, registers }: GaugeRegistration,
  { waitingHashes, ready, ...sources }: Sources,
  patienceMs = PATIENCE_MS,
): void {
  new Gauge({
    name: 'emberlink_argon2_waiting',
    help: 'Passphrases waiting to be hashed.',
    registers,
    collect() {
      this.set(waitingHashes())
    },
  })
  for (const { of, ...options } of READINESS_GAUGES) {
    new Gauge({
      ...options,
      registers,
      async collect(this: Prometheus.Gauge) {
        this.set(of(await byDeadline(patienceMs, ready(), undefined).catch(() => undefined)))
      },
    })
  }
  addStoreGauges({ Gauge, registers }, sources, patienceMs)
}
