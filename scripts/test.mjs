// Runs the checks and the tests side by side, because each leaves a core idle now and then. Arguments go to vitest.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))

const check = spawn('npm', ['run', 'check'], { stdio: ['ignore', 'pipe', 'pipe'] })
const tests = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of [check, tests]) child.kill(signal)
  })
}

const checked = Promise.all([text(check.stdout), text(check.stderr), once(check, 'close')])
const [[output, errors, [found]], [failed]] = await Promise.all([checked, once(tests, 'close')])
if (found !== 0) process.stderr.write(`${output}${errors}npm run check failed\n`)
process.exitCode = found === 0 && failed === 0 ? 0 : 1
