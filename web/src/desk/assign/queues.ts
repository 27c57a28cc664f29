/** What waits for who gives out work: the menu counts by the very filters that the list shows. */
import type { paths } from '../../api/dispatch'

export const QUEUES = ['pending', 'returned', 'asked', 'over', 'suspended'] as const
export type Name = (typeof QUEUES)[number]
type Filter = NonNullable<paths['/inbox/counts']['get']['parameters']['query']>

const FILTERS: Record<Name, Filter> = {
  pending: { below: true, state: ['pending'] },
  returned: { below: true, state: ['pending'], returned: true },
  asked: { below: true, asked: true },
  over: { below: true, exception_over: true, state: ['assigned', 'accepted', 'in_progress', 'suspended'] },
  suspended: { below: true, suspension_over: true },
}
export const queueOf = (name: Name): Filter => FILTERS[name]
export const nameOf = (of: unknown): Name => QUEUES.find((name) => name === of) ?? 'pending'
