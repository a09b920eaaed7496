/** The table of the networks' scores. */

const HEADS = ["Network", "FactorVAE", "DCI", "MIG"];

/** @typedef {[title: string, ...scores: number[]]} Row */

/**
 * A row as it is read.
 *
 * @param {Row} row
 */
export function rowText([title, ...scores]) {
  return [title, ...scores.map((score) => score.toFixed(2))];
}

/** @param {Row[]} rows */
export function scoresTable(rows) {
  const table = document.createElement("table");
  const body = table.createTBody();
  body.insertRow().append(
    ...HEADS.map((head) => {
      const cell = document.createElement("th");
      cell.textContent = head;
      return cell;
    }),
  );
  for (const row of rows) {
    const line = body.insertRow();
    for (const text of rowText(row)) line.insertCell().textContent = text;
  }
  return table;
}
