import { buildOnce } from './build.ts'
import { prepareRedis } from './redis-process.ts'

/** Prepares what most tests need, at the same time: one compiles, the other waits for the network. */
export default async function prepare(): Promise<void> {
  await Promise.all([buildOnce(), prepareRedis()])
}
