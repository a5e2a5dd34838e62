import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../scripts/release.mjs', import.meta.url))
const REPOSITORY = 'https://git.example/owner/emberlink'
const CHANGELOG = `# Changelog

## Unreleased

## 1.2.0 - 2026-11-26

- New: [backups](docs/backup.md#restore), see [RFC](https://rfc.example/1)
  and [above](#changelog).
- More,
  _as here_.

### Fixed

- A fault.

\`\`\`sh
kept as
  it is
\`\`\`

## 1.1.0

- Older.
`

/** A repository with the tags of a few releases. */
let repository: string
beforeAll(() => {
  repository = mkdtempSync(join(tmpdir(), 'emberlink-tags-'))
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository })
  git('init', '--quiet', '--bare')
  const tree = git('hash-object', '-t', 'tree', '-w', '/dev/null').toString().trim()
  const versions = ['v0.9.0', 'v1.1.0', 'v1.1.10', 'v1.2.0', 'v2.0.0-rc.1', 'vacation']
  for (const name of versions) git('tag', name, tree)
})
afterAll(() => rmSync(repository, { recursive: true }))

/** Runs the script in a folder with a package.json and a CHANGELOG.md. */
function release(tag: string, version: string, changelog = CHANGELOG) {
  const cwd = mkdtempSync(join(tmpdir(), 'emberlink-release-'))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ version }))
  writeFileSync(join(cwd, 'CHANGELOG.md'), changelog)
  const args = [SCRIPT, tag, REPOSITORY, 'notes.md']
  const env = { ...process.env, GIT_DIR: repository }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' })
  const notes = join(cwd, 'notes.md')
  return { status, stdout, stderr, notes: existsSync(notes) ? readFileSync(notes, 'utf8') : undefined }
}

it('takes the notes of a release from its section of the changelog, with links that work anywhere', () => {
  expect(release('v1.2.0', '1.2.0')).toEqual({
    status: 0,
    stdout: 'version=1.2.0\nchannel=latest\ntags=1.2.0 1.2 latest\nkind=--latest=true\n',
    stderr: '',
    notes: `- New: [backups](${REPOSITORY}/blob/v1.2.0/docs/backup.md#restore), see [RFC](https://rfc.example/1) and [above](#changelog).
- More, _as here_.

### Fixed

- A fault.

\`\`\`sh
kept as
  it is
\`\`\`
`,
  })
})

it('keeps a preview from becoming the latest release', () => {
  const { stdout } = release('v2.0.0-rc.1', '2.0.0-rc.1', '## 2.0.0-rc.1\n\n- New.\n')
  expect(stdout).toBe('version=2.0.0-rc.1\nchannel=next\ntags=2.0.0-rc.1\nkind=--prerelease\n')
})

it.each([
  ['1.1.11', 'latest-1.1', '1.1.11 1.1', '--latest=false'],
  ['1.1.9', 'latest-1.1', '1.1.9', '--latest=false'],
  ['1.1.11-rc.1', 'next-1.1', '1.1.11-rc.1', '--prerelease'],
  ['1.10.0', 'latest', '1.10.0 1.10 latest', '--latest=true'],
])(
  'publishes %s after 1.2.0 as %s on npm, and as an image with the tags %s',
  (version, channel, tags, kind) => {
    const { stdout } = release(`v${version}`, version, `## ${version}\n\n- Mended.\n`)
    expect(stdout).toBe(`version=${version}\nchannel=${channel}\ntags=${tags}\nkind=${kind}\n`)
  },
)

it.each([
  [
    'of another version',
    'v1.2.1',
    '1.2.0',
    CHANGELOG,
    'the tag is v1.2.1, but package.json says 1.2.0: the tag must be v1.2.0',
  ],
  ['without a section', 'v1.3.0', '1.3.0', CHANGELOG, 'CHANGELOG.md has no entries under "## 1.3.0"'],
  [
    'with an empty section',
    'v1.2.0',
    '1.2.0',
    '## 1.2.0\n\n## 1.1.0\n\n- Older.\n',
    'CHANGELOG.md has no entries under "## 1.2.0"',
  ],
  [
    'with unreleased entries',
    'v1.2.0',
    '1.2.0',
    `## Unreleased\n\n- More.\n\n${CHANGELOG}`,
    'CHANGELOG.md has entries under "## Unreleased": move them to "## 1.2.0"',
  ],
])('rejects a tag %s', (_what, tag, version, changelog, reason) => {
  expect(release(tag, version, changelog)).toEqual({
    status: 1,
    stdout: '',
    stderr: `${reason}\n`,
    notes: undefined,
  })
})
