import { unescaped } from './visitor.ts'

const CONTROLS =
  /<textarea[^>]* name="(?<area>[^"]+)"[^>]*>\n(?<text>[^<]*)<|<select[^>]* name="(?<select>[^"]+)"[^>]*>(?<options>.*?)<\/select>|<input(?<input>[^>]*)>/gs

/**
 * Returns what is filled in on a page, by the names of the fields, hidden ones included. Only ticked boxes count, and only the
 * last one of a name.
 */
export function fieldsIn({ text }: { readonly text: string }): Record<string, string> {
  const main = text.slice(text.indexOf('<main'), text.indexOf('</main>'))
  const fields: Record<string, string> = {}
  for (const { groups = {} } of main.matchAll(CONTROLS)) {
    const { area, text: typed = '', select, options = '', input = '' } = groups
    if (area !== undefined) fields[area] = unescaped(typed)
    if (select !== undefined) {
      const [, value, label = ''] =
        /<option(?: value="([^"]*)")? selected>([^<]*)/.exec(options) ??
        /<option(?: value="([^"]*)")?[^>]*>([^<]*)/.exec(options) ??
        []
      fields[select] = unescaped(value ?? label)
    }
    const name = / name="([^"]+)"/.exec(input)?.[1]
    if (name !== undefined && (!input.includes('type="checkbox"') || input.includes(' checked'))) {
      fields[name] = unescaped(/ value="([^"]*)"/.exec(input)?.[1] ?? '')
    }
  }
  return fields
}
