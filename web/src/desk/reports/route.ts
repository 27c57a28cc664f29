import { page } from '../page'
import { t } from './texts'

export default page({
  path: 'reports',
  order: 35,
  title: () => t.title,
  list: () => import('./List.vue'),
  detail: () => import('../triage/Detail.vue'),
})
