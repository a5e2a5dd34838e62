import { afterEach, expect, it, vi } from 'vitest'
import { assertAccepted, readOptions } from './read-options.ts'

const OPTIONS = { seed: { type: 'string', default: '7' }, keep: { type: 'boolean' } } as const
const USAGE = 'usage: program [--seed N] [--keep]'

afterEach(() => vi.restoreAllMocks())

function run(action: () => unknown) {
  const written = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text)
      return true
    })
  }
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`)
  })
  let result: unknown
  try {
    result = action()
  } catch (error) {
    result = (error as Error).message
  }
  vi.restoreAllMocks()
  return { result, ...written }
}

it('reads the options of a program', () => {
  expect({ ...readOptions(OPTIONS, USAGE, ['--keep']) }).toEqual({ seed: '7', keep: true })
})

it('prints the usage of a program, and ends it with 0, when asked for help', () => {
  const help = run(() => readOptions(OPTIONS, USAGE, ['--nope', '--help']))
  expect(help).toEqual({ result: 'exit 0', stdout: `${USAGE}\n`, stderr: '' })
})

it.each([
  ['--nope', "Unknown option '--nope'"],
  ['nope', "Unexpected argument 'nope'"],
  ['--seed', "Option '--seed <value>' argument missing"],
])('names the wrong argument %s in one line before the usage, and ends with 2', (arg, message) => {
  const refused = run(() => readOptions(OPTIONS, USAGE, [arg]))
  expect(refused).toEqual({ result: 'exit 2', stdout: '', stderr: `${message}\n${USAGE}\n` })
})

it('lists the accepted values of an option when another is given', () => {
  const refused = run(() => assertAccepted('--target', 'nope', ['forms', 'json']))
  expect(refused.result).toBe('exit 2')
  expect(refused.stderr).toBe('--target nope: must be one of forms, json\n')
  expect(run(() => assertAccepted('--target', 'json', ['forms', 'json'])).result).toBeUndefined()
})
