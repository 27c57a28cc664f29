/** The panels of the board: every folder beside this file with a `panel.ts` is one, and nothing else lists them. */
import type { Panel } from './panel'

const modules = import.meta.glob<{ default: Panel }>('./*/panel.ts', { eager: true })
export const panels: readonly Panel[] = Object.values(modules)
  .map((module) => module.default)
  .sort((one, other) => one.order - other.order)
