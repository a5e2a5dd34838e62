import cluster from 'node:cluster'
import type { ResponseObserver } from '../http/response-observer.ts'
import { FAILURE_REASONS, type FailureReason } from '../mail/failure.ts'
import type { EventHandler, SecretEvent } from '../secrets/events.ts'
import type { Sweep } from '../store/store.ts'
import { addGauges, type Sources } from './gauges.ts'
import { createLabelledCounter } from './labelled-counter.ts'
import type { MetricsPage } from './metrics-page.ts'
import { collectFamilies, loadPrometheus } from './prometheus.ts'
import { createRejections, type Rejections } from './rejections.ts'
import { answerPrimary } from './worker-metrics.ts'

/** The metrics for Prometheus. No label takes its value from a client. */
export interface Metrics extends Rejections {
  readonly onEvent: EventHandler
  readonly onResponse: ResponseObserver
  /** Records a store operation. Its outcome is `ok` or an error code. */
  stored(operation: string, outcome: string, seconds: number): void
  /** Counts an email that was accepted, or the reason why it was not. */
  emailed(outcome: 'sent' | FailureReason): void
  swept(sweep: Sweep): void
  /** Counts a store that was unreachable and has been reopened. */
  reopened(): void
  /** Adds gauges that read these sources whenever the metrics are collected. */
  watch(sources: Sources): void
  readonly page: MetricsPage
}

const EVENTS: Record<SecretEvent, true> = {
  created: true,
  withdrawn: true,
  received: true,
  burned: true,
  expired: true,
  orphaned: true,
  gone: true,
  wrong_passphrase: true,
  locked: true,
  attempts_cleared: true,
}

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const STORE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

/**
 * Creates the metrics of this process.
 *
 * @param version The version of Emberlink.
 */
export async function createMetrics(version: string): Promise<Metrics> {
  const { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } = await loadPrometheus()
  const registry = new Registry()
  const registers = [registry]
  const registration = { Counter, registers }
  collectDefaultMetrics({ register: registry })

  new Gauge({
    name: 'emberlink_build_info',
    help: 'Always 1. The labels are the versions of Emberlink and of Node.js.',
    labelNames: ['version', 'node'],
    // Identical in all workers, so a sum would be meaningless.
    aggregator: 'first',
    registers,
  }).set({ version, node: process.versions.node }, 1)

  const requests = new Histogram({
    name: 'emberlink_http_request_duration_seconds',
    help: 'Time from a request to its response, by route pattern.',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers,
  })
  const responses = new Counter({
    name: 'emberlink_http_responses_total',
    help: 'Responses. intended: the status that a 404 of v1 stands for; elsewhere the same as status.',
    labelNames: ['method', 'route', 'status', 'intended'],
    registers,
  })
  const countEvent = createLabelledCounter(registration, {
    name: 'emberlink_secrets_total',
    help: 'Events of secrets. gone: no secret to reveal or burn. wrong_passphrase: a wrong or missing passphrase. locked: the last wrong one that a client network may try.',
    label: 'event',
    values: Object.keys(EVENTS) as SecretEvent[],
  })
  const countEmail = createLabelledCounter(registration, {
    name: 'emberlink_mails_total',
    help: 'Emails by outcome: sent, accepted by the SMTP server; failed, not accepted.',
    label: 'outcome',
    values: ['sent', 'failed'],
  })
  const countEmailFailure = createLabelledCounter(registration, {
    name: 'emberlink_mail_failures_total',
    help: 'Emails that were not accepted, by reason.',
    label: 'reason',
    values: FAILURE_REASONS,
  })
  const operations = new Histogram({
    name: 'emberlink_store_operation_duration_seconds',
    help: 'Duration of store operations. outcome: ok or an error code.',
    labelNames: ['operation', 'outcome'],
    buckets: STORE_SECONDS,
    registers,
  })
  const sweeps = new Counter({
    name: 'emberlink_sweep_removed_total',
    help: 'Expired records deleted from the embedded store.',
    registers,
  })
  const lastSweep = new Gauge({
    name: 'emberlink_sweep_duration_seconds',
    help: 'Duration of the last sweep of the embedded store.',
    aggregator: 'max',
    registers,
  })

  const reopenings = new Counter({
    name: 'emberlink_store_reopened_total',
    help: 'Number of times that an unreachable Redis was reopened with a new client.',
    registers,
  })

  if (cluster.isWorker) answerPrimary(() => collectFamilies(registry))

  return {
    onEvent: countEvent,
    onResponse({ method, route, status, intended, seconds }) {
      requests.observe({ method, route, status }, seconds)
      responses.inc({ method, route, status, intended })
    },
    ...createRejections(registration),
    stored: (operation, outcome, seconds) => operations.observe({ operation, outcome }, seconds),
    emailed(outcome) {
      if (outcome === 'sent') return countEmail(outcome)
      countEmail('failed')
      countEmailFailure(outcome)
    },
    swept({ removed, seconds }) {
      sweeps.inc(removed)
      lastSweep.set(seconds)
    },
    reopened: () => reopenings.inc(),
    watch: (sources) => addGauges({ Gauge, registers }, sources),
    page: { type: registry.contentType, text: () => registry.metrics() },
  }
}
