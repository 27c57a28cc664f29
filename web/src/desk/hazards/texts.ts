import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '隐患', open: '未销案', closed: '已销案', major: '重大隐患', asked: '延期待批', filters: '筛选', text: '内容、场所、编号', state: '状态', grade: '等级', item: '类别', light: '时限', area: '所在单位（含下级）', enter: '登记隐患',
    number: '编号', where: '场所', what: '隐患', due: '到期', empty: '这里是检查发现、民情转来和直接登记的火灾隐患。没有符合条件的隐患。',
    actions: '可办理', print: '打印', changed: '这条隐患有了新的变化。', show: '显示最新内容', foundOn: '发现日期', source: '来源', order: '工单', extensions: '延期次数', result: '整改情况', failed: (n: number) => `复查不通过 ${n} 次`, criteria: '判定标准', listing: '挂牌', reportedTo: '报告', transferredTo: '移交', rechecks: '每周复查次数', asksUntil: (day: string) => `申请延期至 ${day}`,
    inspection: '检查', report: '民情', told: '直接登记', photos: '照片', reported: '上报照片', trail: '留痕', sheet: '隐患整改单', noSheet: '还没有填写整改单', content: '隐患内容', measures: '整改措施', deadline: '整改期限', department: '负责部门', person: '负责人', funds: '资金', interim: '临时防范措施', signed: '责任人或管理人签字确认',
    entering: '登记隐患', premises: '场所', orUnit: '不在场所内时，所在单位', itemOf: '七项中的哪一项', contentOf: '隐患内容', onSpot: '已当场整改', rectifyBy: '整改期限', byDefault: '留空则按等级默认', isMajor: '重大火灾隐患', edition: '判定标准', element: '判定要素', save: '登记', ended: '已结束',
  },
  {
    title: 'Hazards', open: 'Open', closed: 'Closed', major: 'Major', asked: 'Extensions asked', filters: 'Filters', text: 'Words, premises, number', state: 'State', grade: 'Grade', item: 'Item', light: 'Limit', area: 'Unit and below', enter: 'Enter a hazard',
    number: 'Number', where: 'Premises', what: 'Hazard', due: 'Due', empty: 'Here are fire hazards from inspections, from reports, and entered by hand. None fits.',
    actions: 'What can be done', print: 'Print the sheet', changed: 'This hazard has changed meanwhile.', show: 'Show it as it is now', foundOn: 'Found on', source: 'Source', order: 'Work order', extensions: 'Extensions', result: 'What was done', failed: (n: number) => `Failed ${n} re-inspections`, criteria: 'Criteria', listing: 'Listing', reportedTo: 'Reported to', transferredTo: 'Transferred to', rechecks: 'Weekly re-checks', asksUntil: (day: string) => `asks for time until ${day}`,
    inspection: 'Inspection', report: 'Report', told: 'Entered', photos: 'Photos', reported: 'Photos of the report', trail: 'Trail', sheet: 'Rectification sheet', noSheet: 'The sheet is not filled in yet', content: 'What is wrong', measures: 'What is to be done', deadline: 'Until', department: 'Department', person: 'Who answers for it', funds: 'Funds', interim: 'Safe meanwhile by', signed: 'Signature of who is responsible',
    entering: 'Enter a hazard', premises: 'Premises', orUnit: 'Outside of premises: the unit', itemOf: 'Which of the seven items', contentOf: 'What is wrong', onSpot: 'Fixed on the spot', rectifyBy: 'Put right by', byDefault: 'left out: the default of its grade', isMajor: 'Major fire hazard', edition: 'Criteria', element: 'Element', save: 'Enter', ended: 'ended',
  },
)
