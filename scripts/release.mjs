// Checks that a tag, package.json and CHANGELOG.md name one version, and writes the notes of the release from its section.
//
//   node scripts/release.mjs TAG REPOSITORY NOTES
//
// REPOSITORY is the address that relative links in the notes go to, NOTES the file to write. Prints for the workflow, one a line:
// `version`, `channel` (the tag on npm) and `tags` (those of the image).
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

const isPreview = version.includes('-')
const minor = version.split('.').slice(0, 2).join('.')
console.log(`version=${version}`)
console.log(`channel=${isPreview ? 'next' : 'latest'}`)
console.log(`tags=${(isPreview ? [version] : [version, minor, 'latest']).join(' ')}`)

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
