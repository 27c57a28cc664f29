import { expect, test } from 'vitest'
import { shortNumber } from './numbers'

test.each([
  ['A7-QT-20261129-000035', 'QT-1129-000035'],
  ['GD-YH-A7-QT-20261129-000035', 'QT-1129-000035'],
  ['A7-QT-C000123', 'A7-QT-C000123'],
  ['A7-20261129-000035', 'A7-1129-000035'],
])('%s is shown as %s', (number, shown) => expect(shortNumber(number)).toBe(shown))
