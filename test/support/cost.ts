/**
 * Measures what some work costs this process. Time on the clock would say how busy the machine is.
 * @returns Milliseconds of processor time.
 */
export async function processorMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
