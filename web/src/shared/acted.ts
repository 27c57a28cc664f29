/** Lists beside a thing learn what was done to it on this page: at once, not by the way round through the server. */
import { onScopeDispose } from 'vue'

type Listener<T> = (thing: T) => void
const listeners = new Map<string, Set<Listener<never>>>()

export const acted = <T>(kind: string, thing: T): void => listeners.get(kind)?.forEach((listener) => listener(thing as never))

export function onActed<T>(kind: string, listener: Listener<T>): void {
  const known = listeners.get(kind) ?? new Set()
  listeners.set(kind, known.add(listener))
  onScopeDispose(() => known.delete(listener))
}
