/** The premises and checklists of the worker's own part of the tree, kept on this phone: enough to inspect without a network. */
import { ask, registry } from '../../shared/api'
import type { Question } from '../../shared/kept'
import type { Checklist, Premises } from './area'

const PAGE = 500
/** What a phone keeps; a worker's grid or community has fewer. */
export const MOST = 3000

export const allPremises: Question<Premises[]> = {
  name: 'premises',
  ask: async (soFar) => {
    let found: Premises[] = []
    let after: string | undefined
    do {
      const page = await ask(registry.GET('/premises', { params: { query: { limit: PAGE, after } } }))
      found = [...found, ...page.items]
      soFar(found)
      after = page.next ?? undefined
    } while (after && found.length < MOST)
    return found
  },
}
export const checklists: Question<Checklist[]> = { name: 'checklists', ask: async () => (await ask(registry.GET('/checklists'))).items }
