import type * as Prometheus from 'prom-client'
import type { Store } from '../store/store.ts'
import { addStoreGauges, type GaugeRegistration, type StoreSources } from './store-gauges.ts'

/** The sources of gauges. */
export interface Sources extends StoreSources {
  /** Returns the number of passphrases waiting to be hashed. */
  readonly waitingHashes: () => number
  readonly ready: Store['ready']
}

/** Adds gauges that read their sources whenever the metrics are collected. */
export function addGauges({ Gauge, registers }: GaugeRegistration, sources: Sources): void {
  const { waitingHashes, ready } = sources
  const registration = { Gauge, registers }
  new Gauge({
    name: 'emberlink_argon2_waiting',
    help: 'Passphrases waiting to be hashed.',
    registers,
    collect() {
      this.set(waitingHashes())
    },
  })
  new Gauge({
    name: 'emberlink_store_up',
    help: '1 while secrets can be read and claimed, else 0.',
    aggregator: 'min',
    registers,
    collect(this: Prometheus.Gauge) {
      return ready().then(
        () => this.set(1),
        () => this.set(0),
      )
    },
  })
  new Gauge({
    name: 'emberlink_clock_skew_seconds',
    help: "How far the store's clock is ahead of this server's. NaN where that is not known.",
    // All workers share one clock.
    aggregator: 'first',
    registers,
    collect(this: Prometheus.Gauge) {
      return ready().then(
        ({ clockSkew }) => this.set(clockSkew ?? Number.NaN),
        () => this.set(Number.NaN),
      )
    },
  })
  new Gauge({
    name: 'emberlink_store_writable',
    help: '1 while new secrets can be stored, else 0: the store is full, or cannot be reached.',
    aggregator: 'min',
    registers,
    collect(this: Prometheus.Gauge) {
      return ready().then(
        ({ full }) => this.set(full === undefined ? 1 : 0),
        () => this.set(0),
      )
    },
  })
  addStoreGauges(registration, sources)
}
