import { type Milliseconds, milliseconds } from '../../src/time.ts'

/** Returns the time that lies a number of milliseconds after another. */
export function later(time: Milliseconds, span: number): Milliseconds {
  return milliseconds(time + span)
}
