import { expect, test } from 'vitest'
import { Failed, failed } from './problems'

const PROBLEM = {
  type: 'urn:gridgov:problem:validation', title: '', title_zh: '有 1 处填写有误，请按提示修改', title_en: '1 thing needs correcting; see each field',
  status: 422, code: 'validation', correlation_id: 'c-1', field: 'why', errors: [{ field: 'why', in: 'body', code: 'missing', zh: '请填写', en: 'needed' }],
}

test('a problem says itself what to do, and names its fields', () => {
  const error = new Failed(422, PROBLEM)
  expect(error.sentence).toBe('有 1 处填写有误，请按提示修改')
  expect(error.fields).toEqual({ why: '请填写' })
})

test('a problem with a field alone is about that field', () => {
  const { errors: _, ...plain } = PROBLEM
  expect(new Failed(422, plain).fields).toEqual({ why: '有 1 处填写有误，请按提示修改' })
})

test('no answer is no network; what is no error of ours is taken for it', () => {
  expect(failed(new TypeError('fetch failed')).offline).toBe(true)
  expect(new Failed(502).sentence).toContain('502')
  expect(new Failed(412, PROBLEM).stale).toBe(true)
})
