import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '排名', streets: '街道', departments: '部门', open: '未结', overdue: '超时', today: '今日结案', rate: '近七日按时率', unit: '单位',
    empty: '还没有工单。立案后，这里按超时、未结从多到少排列各街道和部门。', unknown: '暂无',
  },
  {
    title: 'Ranking', streets: 'Streets', departments: 'Departments', open: 'Open', overdue: 'Overdue', today: 'Closed today', rate: 'In time, 7 days', unit: 'Unit',
    empty: 'No work orders yet. Once there are, streets and departments stand here, the most overdue first.', unknown: 'none',
  },
)
