import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Measuring } from './figure.ts'
import { FIGURES } from './figures.ts'

/** What the command line asks for. */
export interface BenchOptions extends Measuring {
  /** The names of the figures to measure. */
  readonly only: readonly string[]
}

/** An option that is not understood. */
export class OptionError extends Error {}

const NODES = '20,24,26'

/** Prints how the benchmark is used. */
export function usage(): string {
  const rows = [...FIGURES].map(([name, { summary, takes, onRequest }]) => {
    const note = onRequest === undefined ? `about ${takes} s` : `only on request: ${onRequest}`
    return `  ${name.padEnd(13)} ${summary} (${note})`
  })
  return `usage: npm run bench -- [--only FIGURE,…] [--rounds N] [--seconds N] [--rate N] [--node VERSION,…] [--before FOLDER]

  --only       figures to measure; by default all that are not on request
  --rounds     rounds of each figure, in which its subjects take turns; by default 5
  --seconds    how long one load lasts; by default 3
  --rate       requests a second where they arrive at a fixed rate; by default 500
  --node       versions of Node.js for the figure \`nodes\`, which this adds; ${NODES} if \`--only\` names it
  --before     another build, a copy of \`dist\`, for the figures \`builds-*\`, which this adds

Figures:
${rows.join('\n')}
`
}

/**
 * Reads the command line.
 *
 * @returns `help` when that was asked for.
 * @throws OptionError with all that is wrong and, where that helps, what there is to choose from.
 */
export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const values = parse(args)
  if (values.help) return 'help'
  const named = values.only?.split(',')
  const unknown = named?.filter((name) => !FIGURES.has(name)) ?? []
  if (unknown.length > 0) {
    throw new OptionError(
      `--only: unknown: ${unknown.join(', ')}; there are ${[...FIGURES.keys()].join(', ')}`,
    )
  }
  const usual = [...FIGURES].filter(
    ([name, { onRequest }]) => onRequest === undefined || isAsked(name, values),
  )
  return {
    only: named ?? usual.map(([name]) => name),
    rounds: positive('--rounds', values.rounds, 'whole'),
    seconds: positive('--seconds', values.seconds, 'any'),
    rate: positive('--rate', values.rate, 'whole'),
    nodes: versions(values.node ?? NODES),
    before: buildIn(values.before, named),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '3' },
        rate: { type: 'string', default: '500' },
        node: { type: 'string' },
        before: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new OptionError(
      `${(error as Error).message}; there are --only, --rounds, --seconds, --rate, --node, --before, --help`,
    )
  }
}

function isAsked(
  name: string,
  { node, before }: { readonly node?: string; readonly before?: string },
): boolean {
  return (name === 'nodes' && node !== undefined) || (name.startsWith('builds') && before !== undefined)
}

function buildIn(folder: string | undefined, named: readonly string[] = []): string {
  if (folder !== undefined && !existsSync(`${folder}/main.js`)) {
    throw new OptionError(
      `--before: there is no build in ${folder}: it must be a copy of dist in this folder`,
    )
  }
  if (folder === undefined && named.some((name) => name.startsWith('builds'))) {
    throw new OptionError('--before: must name the other build, a copy of dist in this folder')
  }
  return folder === undefined ? '' : resolve(folder)
}

function positive(option: string, text: string, kind: 'whole' | 'any'): number {
  const value = Number(text)
  if (value > 0 && Number.isFinite(value) && (kind === 'any' || Number.isInteger(value))) return value
  throw new OptionError(`${option}: must be a ${kind === 'whole' ? 'whole ' : ''}number above 0, not ${text}`)
}

function versions(text: string): readonly string[] {
  const all = text.split(',')
  if (all.every((version) => /^\d+(\.\d+){0,2}$/.test(version))) return all
  throw new OptionError(`--node: must be versions such as ${NODES}, not ${text}`)
}
