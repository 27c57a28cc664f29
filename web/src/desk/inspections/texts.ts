import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '检查', filters: '筛选', number: '编号', place: '场所', when: '时间', kind: '类型', result: '结果', who: '检查人', unit: '所在单位', allKinds: '全部类型', allResults: '全部结果',
    ok: '合格', failed: '不合格', not_applicable: '不涉及', found: (n: number) => `隐患 ${n} 处`, words: '场所、地址或编号', person: '检查人姓名', since: '从', until: '至', below: '区域（含下级）',
    empty: '这里是对场所和街面的检查，目前没有符合条件的。在手机“检查”中现场填写，往年的检查可用模板导入。',
    night: '夜间', day: '白天', list: '检查表', edition: '依据', source: '来源', with: '参加人员', inspected: '被检查方在场人', unsigned: '未签名原因', remark: '备注', sent: '提交于', doubtful: (told: string) => `手机时间有误（${told}），按提交时间登记`, past: '往年检查，由表格导入',
    seven: '七项结果', answers: '检查情况', note: '说明', hazards: '发现的隐患', spot: '当场整改', by: (day: string) => `限 ${day} 前整改`, major: '重大', photos: '现场照片', photosOf: '问题照片', signatures: '签名', inspector_signature: '检查人', inspected_signature: '被检查方', trail: '留痕', print: '打印', street: '街面',
  },
  {
    title: 'Inspections', filters: 'Filters', number: 'Number', place: 'Premises', when: 'When', kind: 'Kind', result: 'Result', who: 'Inspector', unit: 'Unit', allKinds: 'All kinds', allResults: 'All results',
    ok: 'OK', failed: 'Failed', not_applicable: 'Does not apply', found: (n: number) => (n === 1 ? '1 hazard' : `${n} hazards`), words: 'Place, address or number', person: 'Name of the inspector', since: 'From', until: 'To', below: 'Area, with units below',
    empty: 'Here are the inspections of premises and streets; none fits now. They are made on the phone; those of past years come with the template.',
    night: 'at night', day: 'by day', list: 'Checklist', edition: 'Edition', source: 'Source', with: 'Also there', inspected: 'There for the place', unsigned: 'Why not signed', remark: 'Remark', sent: 'Sent', doubtful: (told: string) => `The phone's clock was wrong (${told}): the time is when it came`, past: 'A past inspection, from a table',
    seven: 'Seven items', answers: 'Answers', note: 'Remark', hazards: 'Hazards found', spot: 'Put right on the spot', by: (day: string) => `To be put right by ${day}`, major: 'major', photos: 'Photos of the place', photosOf: 'Photos of it', signatures: 'Signatures', inspector_signature: 'Inspector', inspected_signature: 'The place', trail: 'Trail', print: 'Print', street: 'In the street',
  },
)

export const inspectionVerbs = texts({ make: '检查' }, { make: 'Inspected' })
