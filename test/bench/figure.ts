import type { Comparison } from './samples.ts'
import type { Stage } from './stage.ts'

/** How the benchmark was asked to measure. */
export interface Measuring {
  readonly rounds: number
  /** How long one load lasts. */
  readonly seconds: number
  /** Requests a second where they arrive at a fixed rate. */
  readonly rate: number
  /** Versions of Node.js to compare, such as `24`. */
  readonly nodes: readonly string[]
  /** The folder of another build to compare with; empty for none. */
  readonly before: string
}

/** Something that the benchmark can measure by itself. */
export interface Figure {
  readonly summary: string
  /** How long the default run takes, in seconds. */
  readonly takes: number
  /** Present when it is measured only on request, with the reason. */
  readonly onRequest?: string
  readonly measure: (stage: Stage, measuring: Measuring) => Promise<readonly Comparison[]>
}
