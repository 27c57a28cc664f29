import { page } from '../page'
import { t } from './texts'

export default page({
  path: 'report',
  title: () => t.title,
  tab: { order: 10, icon: 'M4 7h4l2-2h4l2 2h4v12H4zM12 16.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8z' },
  list: () => import('./List.vue'),
})
