/** Libraries' style sheets name fonts on foreign hosts (Vant's icons): a page of ours loads nothing from elsewhere. */
import type { Plugin } from 'vite'

const FOREIGN_FONT = /@font-face\s*\{[^}]*url\(\s*["']?(?:https?:)?\/\/[^}]*\}/g

export function ownFilesOnly(): Plugin {
  return {
    name: 'gridgov-own-files-only',
    enforce: 'pre',
    transform(code, id) {
      if (!id.split('?')[0]!.endsWith('.css')) return null
      const ours = code.replace(FOREIGN_FONT, (rule) => ownSources(rule))
      return ours === code ? null : { code: ours, map: null }
    },
  }
}

/** The rule with those of its sources that come with the library (`data:`), or nothing where there are none. */
function ownSources(rule: string): string {
  const kept = rule.replace(/,?\s*url\(\s*["']?(?:https?:)?\/\/[^)]*\)\s*(format\([^)]*\))?/g, '')
  return /src\s*:\s*url/.test(kept) ? kept : ''
}
