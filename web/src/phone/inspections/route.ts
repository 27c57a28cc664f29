import { page } from '../page'
import { t } from './texts'

export default page({
  path: 'inspections',
  title: () => t.title,
  of: () => true,
  tab: { order: 35, icon: 'M9 4h6v3H9zM7 5H5v15h14V5h-2M9 13l2 2 4-4' },
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
})
