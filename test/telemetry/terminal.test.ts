import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DomainError } from '../../src/errors.ts'
import { serializers } from '../../src/http/log.ts'
import { terminalLines } from '../../src/telemetry/terminal.ts'
import { serve, temporaryFolder } from '../commands/emberlink.ts'
import { freePort } from '../support/redis-process.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const CTRL_C = '\u0003'
const ESCAPE = '\u001b'
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/** Serves at a pseudo-terminal of util-linux's script(1) until Ctrl-C, and returns the lines it wrote. */
async function serveAtTerminal(settings: Readonly<Record<string, string>>) {
  const port = await freePort()
  const env = { PATH: process.env['PATH'], PORT: String(port), ...settings }
  const child = spawn('script', ['-qec', `exec '${process.execPath}' '${MAIN}' serve`, '/dev/null'], { env })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const wasListening = output.includes('listening at')
    output += text
    if (!wasListening && output.includes('listening at')) child.stdin.write(CTRL_C)
  })
  const [code] = await once(child, 'close')
  return { code, port, lines: output.replaceAll('\r', '').trimEnd().split('\n') }
}

describe('the log of a server at a terminal', () => {
  it('is lines for people, and the first says version, address and store', async () => {
    const DATA_DIR = await temporaryFolder()
    const { code, port, lines } = await serveAtTerminal({ DATA_DIR, TERM: 'dumb' })
    expect(code).toBe(0)
    const [clock, ...words] = lines[0]?.split(' ') ?? []
    expect(clock).toMatch(/^\d\d:\d\d:\d\d$/)
    expect(words.join(' ')).toBe(
      `INFO  Emberlink ${version} listening at http://127.0.0.1:${port} with a new embedded store in ${DATA_DIR}`,
    )
    expect(lines.join()).not.toContain('"level"')
  })

  it('has colours if the terminal has them', async () => {
    const DATA_DIR = await temporaryFolder()
    const coloured = await serveAtTerminal({ DATA_DIR, TERM: 'xterm-256color' })
    expect(coloured.lines[0]).toContain(`${ESCAPE}[32mINFO ${ESCAPE}[39m Emberlink`)
    for (const settings of [{ TERM: 'xterm-256color', NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const plain = await serveAtTerminal({ DATA_DIR, ...settings })
      expect(plain.lines[0]).toContain('INFO  Emberlink')
      expect(plain.lines.join()).not.toContain(ESCAPE)
    }
  })
})

describe('the log of a server in a pipe', () => {
  it('is JSON, and the first line says version, address and store', async () => {
    const DATA_DIR = await temporaryFolder()
    const server = await serve({ DATA_DIR, REDIS_HOST: 'cache' })
    const { stdout } = await server.stop()
    const [first, ...others] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(first).toMatchObject({
      level: 30,
      pid: server.process.pid,
      msg: `Emberlink ${version} listening at ${server.url} with a new embedded store in ${DATA_DIR}`,
    })
    expect(others).toContainEqual(
      expect.objectContaining({
        level: 40,
        warning: 'ignored in the environment, not a setting: REDIS_HOST',
        msg: 'the settings may be wrong',
      }),
    )
    expect(stdout.match(/listening at/g)).toHaveLength(1)
  })
})

describe('a line for people', () => {
  function linesOf(log: (logger: pino.Logger) => void): string[] {
    let output = ''
    const terminal = new Writable({
      write(chunk, _encoding, done) {
        output += chunk
        done()
      },
    })
    log(pino({ level: 'trace', serializers }, terminalLines(terminal as unknown as NodeJS.WriteStream)))
    return output.split('\n')
  }

  it('shows the fields after the message, quoted unless they are one word', () => {
    const [line] = linesOf((logger) => logger.warn({ route: '/a', ms: 1.5, warning: 'two words' }, 'message'))
    expect(line).toMatch(
      /^\d\d:\d\d:\d\d WARN {2}message hostname=\S+ route=\/a ms=1\.5 warning="two words"$/,
    )
  })

  it('shows an error with its reason, and the frames of its stack on lines of their own', () => {
    const err = new DomainError('store_unavailable', { cause: new Error('disk full') })
    const [first, ...frames] = linesOf((logger) => logger.error({ err }, 'failed'))
    expect(first).toMatch(/ERROR failed .*type=DomainError code=store_unavailable reason="disk full"$/)
    expect(frames.length).toBeGreaterThan(2)
    expect(frames[0]).toMatch(/^ {4}at .*terminal\.test\.ts/)
  })

  it('cannot be forged by control characters', () => {
    const lines = linesOf((logger) => logger.info({ name: `a\nb${ESCAPE}[2J` }, `c\nd${ESCAPE}[2J`))
    expect(lines).toHaveLength(2)
    expect(lines.join('')).not.toContain(ESCAPE)
  })
})
