import { ask, registry } from '../../shared/api'
import { categoryWords } from '../../shared/premises'
import { page, type Queue } from '../page'
import { t } from './texts'

export default page({
  path: 'premises',
  order: 60,
  title: () => t.title,
  ofPlaces: true,
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
  async queues() {
    const counts = await ask(registry.GET('/premises/counts'))
    const categories = Object.keys(categoryWords) as (keyof typeof categoryWords)[]
    const queues: Queue[] = [
      { key: 'all', title: t.everything, query: {}, count: counts.files, late: counts.overdue },
      { key: 'due', title: t.dueSoon, query: { due: 'soon' }, count: counts.due_soon },
      { key: 'key', title: t.keyUnits, query: { key: 'yes' }, count: counts.key_units },
      ...categories.filter((one) => counts.by_category[one]).map((one) => ({ key: one, title: categoryWords[one], query: { category: one }, count: counts.by_category[one] })),
    ]
    return queues
  },
  async find(number) {
    const { items } = await ask(registry.GET('/premises', { params: { query: { q: number } } }))
    return items.filter((one) => one.number.endsWith(number)).map((one) => ({ path: `/premises/${one.id}`, number: one.number, title: one.name }))
  },
})
