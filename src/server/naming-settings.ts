/**
 * Waits for a listener to start. A failure, such as an address that is taken, begins with the settings of the address, and
 * keeps its code.
 *
 * @throws What `starting` throws.
 */
export async function namingSettings<T>(settings: string, starting: PromiseLike<T>): Promise<T> {
  try {
    return await starting
  } catch (error) {
    if (error instanceof Error) error.message = `${settings}: ${error.message}`
    throw error
  }
}
