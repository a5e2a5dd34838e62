import { afterEach, expect, it, vi } from 'vitest'
import { assertAccepted, numberOf, readOptions } from './read-options.ts'

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

it.each([
  ['--seed', 'x', {}, 'a whole number'],
  ['--seed', '', {}, 'a whole number'],
  ['--density', '0.5', { minimum: 1 }, 'a whole number of at least 1'],
  ['--jobs', '3', { minimum: 1, maximum: 2 }, 'a whole number from 1 to 2'],
  ['--minutes', '0', { minimum: 0.001, fractions: true }, 'a number of at least 0.001'],
  ['--minutes', 'Infinity', { minimum: 0, fractions: true }, 'a number of at least 0'],
])('names the option when a number is out of its range: %s %s', (option, value, range, text) => {
  const refused = run(() => numberOf(option, value, range))
  expect(refused).toEqual({ result: 'exit 2', stdout: '', stderr: `${option} ${value}: must be ${text}\n` })
})

it('reads the number of an option', () => {
  expect(numberOf('--seed', '-7')).toBe(-7)
  expect(numberOf('--minutes', '0.05', { minimum: 0.001, fractions: true })).toBe(0.05)
  expect(numberOf('--jobs', '2', { minimum: 1, maximum: 2 })).toBe(2)
})
