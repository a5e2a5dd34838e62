import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/commands/table.ts'
import { run, temporaryFolder } from './emberlink.ts'

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const names = commands.map(({ name }) => name)

describe('help', () => {
  it.each(['--help', '-h', 'help', 'help help', 'help --help'])(
    'is printed by emberlink %s, with every command',
    async (line) => {
      const { code, stdout, stderr } = await run(line.split(' '), {})
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      for (const { name, summary } of commands) {
        expect(stdout).toMatch(new RegExp(`^ {2}${name}( .*)? {2}${summary.replace(/[()]/g, '\\$&')}$`, 'm'))
      }
    },
  )

  it.each(names)('is printed by help %s, with --help and with -h alike', async (name) => {
    const words = name.split(' ')
    const [first, ...others] = await Promise.all(
      [
        ['help', ...words],
        [...words, '--help'],
        [...words, '-h'],
      ].map((args) => run(args, {})),
    )
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first?.stdout).toContain(`Usage: emberlink ${name}`)
    for (const other of others) expect(other).toEqual(first)
  })

  it('names the options of a command', async () => {
    const { stdout } = await run(['help', 'serve'], {})
    for (const flag of [
      '--ephemeral',
      '--port PORT',
      '--account EMAIL:TOKEN',
      '--set NAME=VALUE',
      '-h, --help',
    ])
      expect(stdout).toContain(`\n  ${flag} `)
  })

  it('lists the subcommands of a group', async () => {
    const subcommands = names.filter((name) => name.startsWith('account '))
    for (const args of [
      ['help', 'account'],
      ['account', '--help'],
      ['account', '-h'],
    ]) {
      const { code, stdout, stderr } = await run(args, {})
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      for (const name of subcommands) expect(stdout).toContain(`\n  ${name} `)
      expect(stdout).not.toContain('backup')
    }
  })
})

describe('--version', () => {
  it('prints the version of the package', async () => {
    expect(await run(['--version'], {})).toMatchObject({
      code: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    })
  })
})

describe('a malformed command line', () => {
  it.each([
    [['server'], 'unknown command server', 'Usage: emberlink [COMMAND]'],
    [['help', 'server'], 'unknown command server', 'Usage: emberlink [COMMAND]'],
    [['--ephemeral'], "unknown option '--ephemeral'", 'Usage: emberlink [COMMAND]'],
    [['--version', 'x'], 'too many arguments', 'Usage: emberlink [COMMAND]'],
    [['--'], 'expected a command, --help or --version', 'Usage: emberlink [COMMAND]'],
    [['account'], 'missing subcommand', 'Usage: emberlink account create EMAIL'],
    [['rootkey'], 'missing subcommand', 'Usage: emberlink rootkey rotate'],
    [['account', 'promote'], 'unknown subcommand promote', 'Usage: emberlink account create EMAIL'],
    [['account', 'list', 'x'], 'too many arguments', 'Usage: emberlink account list'],
    [['account', 'create'], 'missing argument EMAIL', 'Usage: emberlink account create EMAIL'],
    [['help', 'check', 'x'], 'too many arguments', 'Usage: emberlink check'],
    [['check', '--fast'], "unknown option '--fast'", 'Usage: emberlink check'],
    [['check', 'x'], 'too many arguments', 'Usage: emberlink check'],
    [['serve', 'x'], 'too many arguments', 'Usage: emberlink serve [OPTIONS]'],
    [['serve', '--port', '0'], '--port and --account need --ephemeral', 'Usage: emberlink serve [OPTIONS]'],
    [['serve', '--set', 'A=1'], '--set and --journal need --ephemeral', 'Usage: emberlink serve [OPTIONS]'],
    [['serve', '--ephemeral', '--set', 'A'], '--set takes NAME=VALUE', 'Usage: emberlink serve [OPTIONS]'],
    [
      ['serve', '--ephemeral', '--port', '0', '--set', 'PORT=1'],
      'PORT is set twice',
      'Usage: emberlink serve [OPTIONS]',
    ],
    [
      ['serve', '--ephemeral', '--journal', 'all'],
      '--journal takes masked or full',
      'Usage: emberlink serve [OPTIONS]',
    ],
    [['migrate'], 'missing option --to redis|folder', 'Usage: emberlink migrate --to redis|folder'],
    [
      ['migrate', '--to'],
      "option '--to <value>' argument missing",
      'Usage: emberlink migrate --to redis|folder',
    ],
  ])('says what is wrong and how to call it, exit 2, nothing opened: %j', async (args, reason, usage) => {
    const DATA_DIR = await temporaryFolder()
    const { code, stdout, stderr } = await run(args, { DATA_DIR })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.startsWith(`emberlink: ${reason}\n${usage}\n`)).toBe(true)
    expect(await readdir(DATA_DIR)).toEqual([])
  })

  it('is not quoted where it may hold an API token', async () => {
    for (const args of [
      ['account', 'create', 'ana@example.com', 't0ken'],
      ['serve', '--ephemeral', '--acount=ana@example.com:t0ken'],
    ]) {
      const { code, stderr } = await run(args, {})
      expect(code).toBe(2)
      expect(stderr).not.toContain('t0ken')
    }
  })
})
