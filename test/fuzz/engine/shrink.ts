/** Runs a target on an input. */
export type Run = (input: Buffer) => void | Promise<void>

const MAX_RUNS = 2000

/** Returns what a target throws on an input; undefined when every property holds. */
export async function findingOf(run: Run, input: Buffer): Promise<unknown> {
  try {
    await run(input)
    return undefined
  } catch (error) {
    return error ?? new Error('undefined was thrown')
  }
}

/** Shortens an input as long as it fails in the same way. */
export function shrink(input: Buffer, run: Run, error: unknown): Promise<Buffer> {
  const kind = kindOf(error)
  return shorten(input, async (shorter) => kindOf(await findingOf(run, shorter)) === kind)
}

/** Shortens an input by leaving out parts, as long as what is left is `good`. */
export async function shorten(input: Buffer, isGood: (shorter: Buffer) => Promise<boolean>): Promise<Buffer> {
  let best = input
  let runs = 0
  for (let size = Math.ceil(best.length / 2); size >= 1 && runs < MAX_RUNS; size = Math.floor(size / 2)) {
    for (let at = 0; at + size <= best.length && runs < MAX_RUNS; runs += 1) {
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + size)])
      if (await isGood(shorter)) best = shorter
      else at += size
    }
  }
  return best
}

// Numbers and quoted texts in a message may depend on the input.
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return `${error.name} ${error.message.split('\n', 1)[0]?.replaceAll(/\d+|"[^"]*"|'[^']*'/g, '_')}`
}
