import { ask, registry } from '../../shared/api'
import { page } from '../page'
import { STATES } from './meetings'
import { meetingStateWords, t } from './texts'

export default page({
  path: 'meetings',
  order: 68,
  title: () => t.title,
  services: ['registry'],
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
  async queues() {
    const counts = await ask(registry.GET('/meetings/counts'))
    return [
      { key: 'all', title: t.everything, query: {}, count: counts.meetings },
      ...STATES.map((state) => ({ key: state, title: meetingStateWords[state], query: { state }, count: counts.by_state[state] ?? 0 })),
    ]
  },
  async find(number) {
    const { items } = await ask(registry.GET('/meetings', { params: { query: { q: number } } }))
    return items.filter((one) => one.number.endsWith(number)).map((one) => ({ path: `/meetings/${one.id}`, number: one.number, title: one.title }))
  },
})
