import type { Target } from '../target.ts'
import type { Coverage } from './coverage.ts'
import { findingOf, shorten } from './shrink.ts'

const MAX_SHORTENED_BYTES = 1024

/**
 * Returns the fewest and shortest inputs that were found to reach all that a corpus reaches.
 *
 * @param coverage What the target counts into.
 * @param maxBytes Of all of them together; the inputs that reach the most come first.
 */
export async function distil(
  { run }: Pick<Target, 'run'>,
  corpus: readonly Buffer[],
  coverage: Coverage,
  maxBytes: number,
): Promise<readonly Buffer[]> {
  async function featuresOf(input: Buffer): Promise<number[]> {
    coverage.reset()
    await findingOf(run, input)
    return coverage.features()
  }

  const candidates: { readonly input: Buffer; readonly features: readonly number[] }[] = []
  for (const input of corpus) candidates.push({ input, features: await featuresOf(input) })
  candidates.sort((a, b) => a.input.length - b.input.length)
  const covered = new Set<number>()
  const kept: Buffer[] = []
  let bytes = 0
  while (candidates.length > 0) {
    const gains: number[] = candidates.map(
      ({ features }) => features.filter((each) => !covered.has(each)).length,
    )
    const best = gains.indexOf(Math.max(...gains))
    const [chosen] = candidates.splice(best, 1)
    if (chosen === undefined || gains[best] === 0) break
    const fresh = chosen.features.filter((each) => !covered.has(each))
    const isAsGood = async (shorter: Buffer) => {
      const reached = new Set(await featuresOf(shorter))
      return fresh.every((each) => reached.has(each))
    }
    const { input } = chosen
    const short = input.length > MAX_SHORTENED_BYTES ? input : await shorten(input, isAsGood)
    if (bytes + short.length > maxBytes) continue
    bytes += short.length
    kept.push(short)
    for (const each of await featuresOf(short)) covered.add(each)
  }
  return kept
}
