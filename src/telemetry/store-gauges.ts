import type * as Prometheus from 'prom-client'
import { byDeadline } from '../deadline.ts'
import type { Measurement } from '../store/measurement.ts'
import { shareProbe } from '../store/shared-probe.ts'
import type { Store } from '../store/store.ts'
import type { Clock } from '../time.ts'

/** The sources of these gauges. */
export interface StoreSources {
  readonly measure: Store['measure']
  readonly now: Clock
}

/** The class of gauges, which is loaded only with `METRICS`, and where to register them. */
export type GaugeRegistration = Pick<typeof Prometheus, 'Gauge'> & {
  readonly registers: Prometheus.Registry[]
}

/** One gauge of what the store holds. */
interface StoreGauge {
  readonly name: string
  readonly help: string
  /** How the values of several workers become one. Each measures the same store, but another sample of it. */
  readonly aggregator: 'average' | 'max' | 'first'
  readonly of: (found: Measurement) => number | undefined
}

/**
 * Adds gauges of what the store holds. They share one measurement, and are NaN where it does not know.
 *
 * @param patienceMs How long the measurement may take, in milliseconds.
 */
export function addStoreGauges(
  { Gauge, registers }: GaugeRegistration,
  { measure, now }: StoreSources,
  patienceMs: number,
): void {
  const { ask } = shareProbe(measure)
  const gauges: readonly StoreGauge[] = [
    {
      name: 'emberlink_unread_secrets',
      help: 'Secrets that wait to be revealed. Estimated from a sample, unless the store holds only a few hundred records.',
      aggregator: 'average',
      of: ({ unread }) => unread,
    },
    {
      name: 'emberlink_oldest_unread_seconds',
      help: 'Age of the oldest secret that waits to be revealed, of those that were looked at so far; 0 without any.',
      aggregator: 'max',
      of({ unread, oldestUnread }) {
        if (unread === undefined) return undefined
        return oldestUnread === undefined ? 0 : Math.max(0, now() - oldestUnread) / 1000
      },
    },
    {
      name: 'emberlink_store_bytes',
      help: 'Size of the embedded store as a file, or memory of Redis, in which other data may be.',
      aggregator: 'first',
      of: ({ bytes }) => bytes,
    },
    {
      name: 'emberlink_last_backup_timestamp_seconds',
      help: 'When the embedded store was last backed up by emberlink backup, in Unix seconds; 0 for never. NaN for Redis.',
      aggregator: 'first',
      of: ({ lastBackup }) => (lastBackup === 'never' ? 0 : lastBackup && lastBackup / 1000),
    },
  ]
  for (const { of, ...options } of gauges) {
    new Gauge({
      ...options,
      registers,
      async collect(this: Prometheus.Gauge) {
        const found = await byDeadline(patienceMs, ask(), {}).catch(() => ({}))
        this.set(of(found) ?? Number.NaN)
      },
    })
  }
}
