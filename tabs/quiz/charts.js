/** What the charts of the quiz show: a visitor's own figures, and everybody's. */

/** @typedef {import("../../page/components/chart.js").Chart} Chart */
/** @typedef {{ said: number, true: number, low: number, high: number }} Calibration percent: of the answers that were
 *   said to be so sure, how many were right, and its interval */
/** @typedef {{ date: string, visitors: number, discriminator: number | null }} Day percent of right answers; null where no
 *   discriminator played */

const DAY = 864e5; // ms
const ABOVE = -8; // of a line, its name
const BELOW = 18;

/**
 * How a visitor became better or worse.
 *
 * @param {number[]} shares of right answers, 0 to 1, the latest last
 * @param {number} rounds how many answers there are in all
 * @returns {Chart | null} none while one point is all there is
 */
export function curveOf(shares, rounds) {
  const now = shares.at(-1);
  if (shares.length < 2 || now === undefined) return null;
  return {
    to: shares.length - 1,
    ends: [`round ${rounds - shares.length + 1}`, `round ${rounds}`],
    label: `Share of right answers among the last 20, now ${Math.round(100 * now)} %`,
    series: [{ kind: "you", points: shares.map((share, index) => [index, 100 * share]) }],
  };
}

/**
 * Whether who is sure is right.
 *
 * @param {Calibration[]} points
 * @returns {Chart | null} none while there are no points
 */
export function calibrationOf(points) {
  if (!points.length) return null;
  return {
    from: 48,
    to: 102,
    ends: ["50 % sure", "100 % sure"],
    label: points.map((point) => `${Math.round(point.said)} % sure: right in ${Math.round(point.true)} %`).join("; "),
    series: [
      {
        kind: "you",
        line: false,
        points: points.map((point) => [point.said, point.true]),
        bars: points.map((point) => [point.said, point.low, point.high]),
      },
    ],
    diagonal: [
      [50, 50],
      [100, 100],
    ],
  };
}

/**
 * How everybody did from day to day.
 *
 * @param {Day[]} days oldest first, two or more
 * @returns {Chart}
 */
export function daysOf(days) {
  const at = (/** @type {Day} */ day) => Date.parse(day.date) / DAY;
  const first = days[0];
  const last = days[days.length - 1];
  const visitors = Math.round(last.visitors);
  /** @type {[number, number][]} */
  const rival = [];
  for (const day of days) if (day.discriminator !== null) rival.push([at(day), day.discriminator]);
  const rivalNow = rival.at(-1)?.[1];
  const visitorsLead = rivalNow === undefined || last.visitors >= rivalNow;
  /** @type {Chart["series"]} */
  const series = [
    {
      kind: "you",
      name: "visitors",
      nameAt: visitorsLead ? ABOVE : BELOW,
      points: days.map((day) => [at(day), day.visitors]),
    },
  ];
  if (rivalNow !== undefined) {
    series.push({ kind: "network", name: "discriminator", nameAt: visitorsLead ? BELOW : ABOVE, points: rival });
  }
  const label =
    rivalNow === undefined
      ? `Accuracy by day; latest: visitors ${visitors} %`
      : `Accuracy by day; latest: visitors ${visitors} %, discriminator ${Math.round(rivalNow)} %`;
  return { from: at(first), to: at(last), ends: [first.date, last.date], label, series };
}
