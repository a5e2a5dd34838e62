/**
 * Waits for `work`, up to a maximum time.
 *
 * @throws Error when it takes longer than `timeoutMs`; and whatever `work` throws.
 */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const reason = new Error(`Redis was not ready to serve within ${timeoutMs} ms`)
    timer = setTimeout(() => reject(reason), timeoutMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
