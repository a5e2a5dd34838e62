import type { Sample } from './samples.ts'

/** What one turn of a subject measures: one sample for each of its parts, such as create and reveal. */
export type Turn<Part extends string> = () => Promise<Readonly<Record<Part, Sample>>>

/**
 * Measures subjects in turn, each once in each round. Every round begins with another one, so that a machine whose speed
 * drifts treats all of them alike.
 *
 * @param turns By subject.
 * @returns By part and subject, one sample for each round.
 */
export async function interleave<Part extends string>(
  rounds: number,
  turns: Readonly<Record<string, Turn<Part>>>,
): Promise<Record<Part, Record<string, Sample[]>>> {
  const subjects = Object.entries(turns)
  const measured: Record<string, Record<string, Sample[]>> = {}
  for (let round = 0; round < rounds; round += 1) {
    const first = round % subjects.length
    for (const [subject, turn] of [...subjects.slice(first), ...subjects.slice(0, first)]) {
      for (const [part, sample] of Object.entries<Sample>(await turn())) {
        const samples = measured[part] ?? {}
        measured[part] = { ...samples, [subject]: [...(samples[subject] ?? []), sample] }
      }
    }
  }
  return measured as Record<Part, Record<string, Sample[]>>
}
