// A primary whose workers exit before they listen, as often as the first argument says, and in the way that the second
// one names. It stops once one listens, and says how many were started.
import cluster from 'node:cluster'
import { createServer } from 'node:http'
import { receiveRootKeys, superviseWorkers } from '../../compiled/server/workers.js'

const [, , failures, way] = process.argv

if (cluster.isPrimary) {
  let started = 0
  cluster.on('fork', (worker) => {
    started += 1
    const failing = started <= Number(failures)
    worker.on('message', () => worker.send({ failing }))
  })
  const listening = new Promise((resolve) => cluster.on('listening', () => resolve()))
  const status = await superviseWorkers({
    count: 1,
    rootKeys: [Buffer.alloc(32, 7)],
    stopRequested: listening,
    stopMs: 10_000,
    logger: { error: () => undefined },
  })
  process.stdout.write(`${JSON.stringify({ started, status })}\n`)
} else {
  let failing = false
  process.on('message', (message) => {
    failing ||= message.failing === true
  })
  bringAnotherMessageWithKeys()
  const keys = await receiveRootKeys()
  if (keys[0]?.equals(Buffer.alloc(32, 7)) !== true) process.exit(78)
  await new Promise((resolve) => setTimeout(resolve, 50))
  if (failing && way === 'killed') process.kill(process.pid, 'SIGKILL')
  if (failing && way === 'crashed') throw new Error('bug')
  if (failing) process.exit(Number(way))
  process.on('SIGTERM', () => process.exit(0))
  createServer().listen(0, '127.0.0.1')
}

/** Lets a message about something else, such as metrics, come right before the root keys and in the same turn. */
function bringAnotherMessageWithKeys() {
  const { emit } = process
  process.emit = (name, message, ...others) => {
    if (message?.rootKeys !== undefined) emit.call(process, name, { type: 'another' })
    return emit.call(process, name, message, ...others)
  }
}
