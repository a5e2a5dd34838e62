import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { onTestFinished } from 'vitest'

const LISTEN = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
  console.log(this.address().port)
})`
/** More connections than the system completes for a backlog of 1. */
const FILLING = 4

/**
 * Opens a port that answers no connection, until the end of the test: its process is stopped, and its backlog full.
 * @returns `smtp://127.0.0.1:PORT`.
 */
export async function startUnresponsivePort(): Promise<string> {
  const child = spawn(process.execPath, ['-e', LISTEN], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [output] = (await once(child.stdout, 'data')) as [Buffer]
  child.kill('SIGSTOP')
  const port = Number(output)
  const sockets = Array.from({ length: FILLING }, () =>
    connect(port, '127.0.0.1').on('error', () => undefined),
  )
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  await once(sockets[0] ?? child, 'connect')
  return `smtp://127.0.0.1:${port}`
}
