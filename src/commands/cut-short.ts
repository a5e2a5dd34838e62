const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** A signal that asks a command to end. */
export type EndSignal = (typeof SIGNALS)[number]

/** Within so many milliseconds, a second signal is the same Ctrl-C: npx gets it from the terminal too, and passes it on. */
const SAME_SIGNAL_MS = 500

/**
 * Runs work that the first SIGINT or SIGTERM cuts short, and the second ends at once, with the process.
 *
 * @param work Should settle soon after its signal is aborted.
 * @param onCut Called at the first signal. What it returns is the reason with which the signal of the work is aborted.
 */
export async function cutShortBySignal<Value>(
  work: (cut: AbortSignal) => Promise<Value>,
  onCut: (signal: EndSignal) => unknown,
): Promise<Value> {
  const cut = new AbortController()
  const unlisten = () => {
    for (const name of SIGNALS) process.off(name, stop)
  }
  function stop(signal: EndSignal): void {
    if (cut.signal.aborted) return
    cut.abort(onCut(signal))
    setTimeout(unlisten, SAME_SIGNAL_MS).unref()
  }
  for (const name of SIGNALS) process.on(name, stop)
  try {
    return await work(cut.signal)
  } finally {
    unlisten()
  }
}
