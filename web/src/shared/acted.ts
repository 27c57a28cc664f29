/** Lists beside a thing learn what was done to it on this page: at once, not by the way round through the server. */
import { nextTick, onScopeDispose } from 'vue'

type Listener<T> = (thing: T) => void
const listeners = new Map<string, Set<Listener<never>>>()

export const acted = <T>(kind: string, thing: T): void => listeners.get(kind)?.forEach((listener) => listener(thing as never))

export function onActed<T>(kind: string, listener: Listener<T>): void {
  const known = listeners.get(kind) ?? new Set()
  listeners.set(kind, known.add(listener))
  onScopeDispose(() => known.delete(listener))
}

/** The form that had the focus is gone: whoever works by keyboard goes on at what can be done next with the thing, or at its
 * name, and whoever was at the end of a long form sees that it was taken. */
export function goOn(): void {
  void nextTick(() => {
    if (document.activeElement !== document.body) return
    const thing = document.querySelector('.beside')
    const next = thing?.querySelector<HTMLElement>('.actions .button') ?? thing?.querySelector('h1')
    if (next?.tagName === 'H1') next.tabIndex = -1
    next?.focus()
  })
}
