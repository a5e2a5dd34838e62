// Checks that a tag, package.json and CHANGELOG.md name one version, and writes the notes of the release from its section.
//
//   node scripts/release.mjs TAG REPOSITORY NOTES
//
// REPOSITORY is the address that relative links in the notes go to, NOTES the file to write. Prints for the workflow, one a line:
// `version`, `channel` (the tag on npm), `tags` (those of the image) and `kind` (an option of `gh release create`).
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const [tag = '', repository = '', notes = ''] = process.argv.slice(2)
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const changelog = readFileSync('CHANGELOG.md', 'utf8')

if (tag !== `v${version}`)
  fail(`the tag is ${tag}, but package.json says ${version}: the tag must be v${version}`)
if (section('Unreleased'))
  fail(`CHANGELOG.md has entries under "## Unreleased": move them to "## ${version}"`)
const changes = section(version)
if (!changes) fail(`CHANGELOG.md has no entries under "## ${version}"`)
writeFileSync(notes, `${withAbsoluteLinks(withoutWrapping(changes))}\n`)

const { channel, tags, kind } = placeOf(version, releasedVersions())
console.log(`version=${version}`)
console.log(`channel=${channel}`)
console.log(`tags=${tags.join(' ')}`)
console.log(`kind=${kind}`)

/** Returns the versions that have tags, without previews. */
function releasedVersions() {
  const tags = execFileSync('git', ['tag', '--list', 'v*'], { encoding: 'utf8' }).split('\n')
  return tags.filter((name) => /^v\d+\.\d+\.\d+$/.test(name)).map((name) => name.slice(1))
}

/**
 * Returns the names under which a version is published. Those that people follow, such as `latest`, never go back to an older
 * line: a fix of 0.1 after 0.2.0 is `latest-0.1` on npm, where a tag must not be a range of versions.
 */
function placeOf(version, released) {
  const minor = version.split('.').slice(0, 2).join('.')
  const newer = released.filter((other) => compare(other, version) > 0)
  const suffix = newer.length > 0 ? `-${minor}` : ''
  if (version.includes('-')) return { channel: `next${suffix}`, tags: [version], kind: '--prerelease' }
  const isNewestOfMinor = !newer.some((other) => other.startsWith(`${minor}.`))
  const tags = [version, ...(isNewestOfMinor ? [minor] : []), ...(suffix ? [] : ['latest'])]
  return { channel: `latest${suffix}`, tags, kind: `--latest=${!suffix}` }
}

/** Compares two versions by their three numbers: negative if the first one is older. */
function compare(one, other) {
  const [a, b] = [one, other].map((version) => version.replace(/-.*/, '').split('.').map(Number))
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

/** Returns what stands under a heading, which may end with a date, without blank lines at its ends; an empty text without it. */
function section(heading) {
  const found = changelog.split(/^## /m).find((text) => text.split(/ - \d|\n/, 1)[0] === heading)
  return found?.slice(found.indexOf('\n')).trim() ?? ''
}

/** Relative links, which lead nowhere on the page of a release. */
function withAbsoluteLinks(text) {
  return text.replace(/\]\((?!\w+:|#)/g, `](${repository}/blob/${tag}/`)
}

/** Joins wrapped lines: GitHub shows the line breaks of a release, unlike those of a file. */
function withoutWrapping(text) {
  return text.replace(/^```[\s\S]*?^```$|(?<=\S)\n *(?=[^\s#|-])(?!\d+\. )/gm, (found) =>
    found.startsWith('`') ? found : ' ',
  )
}

function fail(reason) {
  console.error(reason)
  process.exit(1)
}
