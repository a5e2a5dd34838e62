import { setImmediate as endOfTurn } from 'node:timers/promises'
import { milliseconds } from '../../src/time.ts'
import { built } from './built.ts'

// Sweeps an embedded store in which all has expired at a time, and prints, as JSON, what the turns of the event loop take meanwhile,
// in milliseconds of CPU. That hardly depends on what else runs on the machine. The CPU of all threads counts, also of the one
// that flushes, so that no turn can have held the event loop for longer.

/** A turn below this only waits. */
const WORK_MS = 0.2

const [folder = '', at] = process.argv.slice(2)
const { openLmdbStore } = await built<typeof import('../../src/store/lmdb/open.ts')>('store/lmdb/open.js')
const store = await openLmdbStore(folder)
const turns: number[] = []
let sweeping = true
const swept = store.sweep(milliseconds(Number(at))).finally(() => {
  sweeping = false
})
while (sweeping) {
  const before = process.cpuUsage()
  await endOfTurn()
  const { user, system } = process.cpuUsage(before)
  const ms = (user + system) / 1000
  if (ms >= WORK_MS) turns.push(ms)
}
await swept
await store.close()
process.stdout.write(JSON.stringify(turns))
