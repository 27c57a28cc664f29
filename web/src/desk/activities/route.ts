import { ask, registry } from '../../shared/api'
import { page } from '../page'
import { activityKindWords, activityStateWords, KINDS, STATES } from '../../shared/activities'
import { t } from './texts'

export default page({
  path: 'activities',
  order: 66,
  title: () => t.title,
  ofPlaces: true,
  services: ['registry'],
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
  async queues() {
    const counts = await ask(registry.GET('/activities/counts'))
    return [
      { key: 'all', title: t.everything, query: {}, count: counts.activities },
      ...STATES.map((state) => ({ key: state, title: activityStateWords[state], query: { state }, count: counts.by_state[state] ?? 0 })),
      ...KINDS.map((kind) => ({ key: kind, title: activityKindWords[kind], query: { kind }, count: counts.by_kind[kind] ?? 0 })),
    ]
  },
  async find(number) {
    const { items } = await ask(registry.GET('/activities', { params: { query: { q: number } } }))
    return items.filter((one) => one.number.endsWith(number)).map((one) => ({ path: `/activities/${one.id}`, number: one.number, title: one.title }))
  },
})
