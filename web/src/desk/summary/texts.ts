import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '汇总', unit: '单位', length: '周期', week: '周', month: '月', quarter: '季', year: '年', before: '上一期', after: '下一期', excel: '导出 Excel', print: '打印', choose: '请选择要汇总的单位',
    final: (when: string) => `已定稿（${when}）`, running: '本期尚未结束，数字会变', span: (from: string, to: string) => `${from} 至 ${to}`, course: '走势', below: '下级单位', byCategory: '场所分类', table: '各单位数字',
    premises: '场所', key_units: '重点单位', inspected: '已检查场所', inspected_share: '检查率', inspections: '检查次数', found: '发现隐患', major: '其中重大', on_spot: '当场整改', fixed: '整改销案', overdue: '逾期', transferred: '移交派出所', duties_due: '单位应尽职责', duties_kept: '按时完成', duties_late: '逾期完成', kept_share: '履职率',
  },
  {
    title: 'Summary', unit: 'Unit', length: 'Period', week: 'Week', month: 'Month', quarter: 'Quarter', year: 'Year', before: 'Before', after: 'After', excel: 'Excel', print: 'Print', choose: 'Choose the unit to sum up',
    final: (when: string) => `Final (${when})`, running: 'Not over yet: the numbers still change', span: (from: string, to: string) => `${from} to ${to}`, course: 'Course', below: 'Units below', byCategory: 'Premises by kind', table: 'Numbers of units',
    premises: 'Premises', key_units: 'Key units', inspected: 'Inspected', inspected_share: 'Inspected share', inspections: 'Inspections', found: 'Hazards found', major: 'Of these, major', on_spot: 'Fixed on the spot', fixed: 'Hazards closed', overdue: 'Became overdue', transferred: 'Transferred', duties_due: 'Units’ duties due', duties_kept: 'Kept', duties_late: 'Late', kept_share: 'Kept share',
  },
)
