// Bundles what browsers load: src/web/browser to one script, src/web/assets/style to one style sheet.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundle } from 'lightningcss'
import { rolldown } from 'rolldown'

const web = fileURLToPath(new URL('../src/web/', import.meta.url))
const folder = `${web}assets/bundled`

/** Writes the bundles to src/web/assets/bundled, where the server loads them. */
export async function bundleAssets() {
  mkdirSync(folder, { recursive: true })
  const script = await rolldown({ input: `${web}browser/main.ts`, tsconfig: false })
  const { output } = await script.generate({ format: 'iife', minify: true })
  replace('script.js', output[0].code)
  replace('style.css', bundle({ filename: `${web}assets/style/main.css`, minify: true }).code)
}

/** Replaces a bundle in one step, because builds may run at the same time: they pass over hidden files. */
function replace(name, content) {
  const draft = `${folder}/.${name}.${process.pid}`
  writeFileSync(draft, content)
  renameSync(draft, `${folder}/${name}`)
}
