/** A column of a DataGrid. `text` is what it shows, and what a pointer that rests on it reads in full; a column that is to
 * be as wide as its text says `fit`, the others share what is left; what the thing itself says, too, is
 * `extra`: left out where the table is narrower than that many pixels. */
export interface Column<Row> {
  key: string
  label: string
  text?: (row: Row) => string
  fit?: boolean
  extra?: 640 | 480
}
