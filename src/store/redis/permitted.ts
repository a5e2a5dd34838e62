/** How Redis rejects an inspection: no permission, or a hosted Redis without the command. */
const NOT_PERMITTED = /^(NOPERM|ERR unknown command)/

/** Returns the reply to an inspection; undefined where Redis does not permit it. @throws Error of ioredis. */
export async function permitted<T>(reply: Promise<T>): Promise<T | undefined> {
  try {
    return await reply
  } catch (error) {
    if (NOT_PERMITTED.test((error as Error).message)) return undefined
    throw error
  }
}
