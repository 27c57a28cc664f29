import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '今日', received: '上报', opened: '立案', resolved: '办结', closed: '结案', open: '未结', overdue: '超时', rate: '按时办结率',
    yesterday: '昨日', unknown: '暂无', more: (by: string) => `多 ${by}`, less: (by: string) => `少 ${by}`, same: '持平',
  },
  {
    title: 'Today', received: 'Reports', opened: 'Opened', resolved: 'Resolved', closed: 'Closed', open: 'Open', overdue: 'Overdue', rate: 'Resolved in time',
    yesterday: 'yesterday', unknown: 'none', more: (by: string) => `${by} more`, less: (by: string) => `${by} fewer`, same: 'as many',
  },
)
