/** A number as lists show it: the street or unit, the day without its year, the serial. Of the serials alone many are the
 * same, for each street counts anew each day. What is shown can be typed: the services find it (shared/numbers.py). */
export const shortNumber = (number: string): string =>
  number.replace(/^.*?([^-]+)-\d{4}(\d{4})-(\d+)$/, '$1-$2-$3').split('-').slice(-3).join('-')
