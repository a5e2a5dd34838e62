/**
 * Waits for `work`, up to a maximum time.
 *
 * @param ms The maximum, in milliseconds.
 * @param late What to return after that.
 * @throws Whatever `work` throws before that.
 */
export async function byDeadline<T, L>(ms: number, work: Promise<T>, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined
  const passed = new Promise<L>((resolve) => {
    timer = setTimeout(() => resolve(late), ms)
  })
  try {
    return await Promise.race([work, passed])
  } finally {
    clearTimeout(timer)
  }
}
