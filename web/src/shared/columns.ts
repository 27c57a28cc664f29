/** A column of a DataGrid. `text` is what it shows, and what a pointer that rests on it reads in full; a column that is to
 * be as wide as its text says `fit`, the others share what is left. */
export interface Column<Row> {
  key: string
  label: string
  text?: (row: Row) => string
  fit?: boolean
}
