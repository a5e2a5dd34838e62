import type { Worker } from 'node:cluster'
import { byDeadline } from '../deadline.ts'
import type { MetricFamily } from './prometheus.ts'

const METRICS_WANTED = 'emberlink:metrics-wanted'

/** What a worker answers: its metrics, or why it could not collect them. */
interface Answer {
  readonly metrics?: readonly MetricFamily[]
  readonly metricsFailure?: string
}

/** What is needed of a worker. */
export type AskedWorker = Pick<Worker, 'isConnected' | 'on' | 'once' | 'send'>

/** What came of asking a worker: `late` if it has not answered so far, `gone` if it never will. */
export type Outcome = 'answered' | 'failed' | 'late' | 'gone'

/** A worker, as its primary sees it. */
export interface FollowedWorker {
  /** Returns the metrics that it last answered; none before that. */
  last(): readonly MetricFamily[]
  /** Asks for its metrics. Does not wait again for a worker that is late. */
  ask(): Promise<Outcome>
}

/** How to follow a worker. */
interface FollowOptions {
  /** How long it may take to answer, in milliseconds. */
  readonly deadlineMs: number
  /** Is called when it could not collect its metrics. */
  readonly onFailure: (reason: string) => void
  /** Is called once, when it will not answer any more. */
  readonly onGone: () => void
}

/** Makes this worker answer when its primary asks for metrics. */
export function answerPrimary(collect: () => Promise<readonly MetricFamily[]>): void {
  // An answer that cannot be sent has no reader any more.
  const answer = (message: Answer) => process.send?.(message, () => undefined)
  process.on('message', (message) => {
    if (message !== METRICS_WANTED) return
    collect().then(
      (metrics) => answer({ metrics }),
      (error: Error) => answer({ metricsFailure: error.message }),
    )
  })
}

/** Follows a worker in which `answerPrimary` was called. */
export function followWorker(
  worker: AskedWorker,
  { deadlineMs, onFailure, onGone }: FollowOptions,
): FollowedWorker {
  let last: readonly MetricFamily[] = []
  let question: Question | undefined
  let isLate = false
  let isGone = false

  function settle(outcome: Outcome): void {
    question?.settle(outcome)
    question = undefined
    isLate = false
  }

  function leave(): void {
    if (isGone) return
    isGone = true
    settle('gone')
    onGone()
  }

  worker.on('message', (message: Answer | undefined) => {
    if (message?.metricsFailure !== undefined) {
      onFailure(message.metricsFailure)
      settle('failed')
    } else if (message?.metrics !== undefined) {
      last = message.metrics
      settle('answered')
    }
  })
  worker.once('disconnect', leave)
  worker.once('exit', leave)

  return {
    last: () => last,
    async ask() {
      if (isGone || !worker.isConnected()) return 'gone'
      if (isLate) return 'late'
      const asked = question ?? createQuestion()
      if (question === undefined) {
        question = asked
        // One that cannot be sent is followed by the end of the connection.
        worker.send(METRICS_WANTED, () => undefined)
      }
      const outcome = await byDeadline<Outcome, Outcome>(deadlineMs, asked.outcome, 'late')
      if (question === asked) isLate = true
      return outcome
    },
  }
}

/** A question that was sent to a worker. */
interface Question {
  readonly outcome: Promise<Outcome>
  readonly settle: (outcome: Outcome) => void
}

function createQuestion(): Question {
  let settle: (outcome: Outcome) => void = () => undefined
  const outcome = new Promise<Outcome>((resolve) => {
    settle = resolve
  })
  return { outcome, settle }
}
