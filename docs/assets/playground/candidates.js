// What unknown figures may become: the counterpart of solver/cchc/completions.py, in whole numbers without bounds.
// tests/browser/test_loader.py compares both on random figures.

/** @param {bigint} a @param {bigint} b */
function gcd(a, b) {
  while (b) [a, b] = [b, a % b];
  return a;
}

/** @param {Iterable<bigint>} values @returns {bigint} */
export function lcm(values) {
  let result = 1n;
  for (const value of values) result = (result / gcd(result, value)) * value;
  return result;
}

/** @param {Iterable<bigint>} values @returns {bigint[]} each once, ascending */
export function ascending(values) {
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * Into how many parts to cut a point so that `orderPositions` finds whole numbers of parts.
 * @param {bigint[]} known maxima of known figures
 * @param {bigint[]} maxima maxima of unknown figures
 */
export function fineness(known, maxima) {
  const shares = lcm([...known, ...maxima]);
  const parts = shares * lcm(Array.from({ length: maxima.length + 1 }, (_, index) => BigInt(index + 1)));
  if (new Set(maxima).size < 2) return parts;
  return parts * 2n * ascending(maxima).at(-1) * shares ** BigInt(maxima.length);
}

/**
 * For each maximum of an unknown figure, the values it has to be tried with, in parts of a point.
 * @param {[bigint, bigint][]} known points and maximum of the figures it is compared with
 * @param {bigint[]} maxima one entry for each unknown figure
 * @param {bigint} parts
 * @returns {Map<bigint, bigint[]>}
 */
export function orderPositions(known, maxima, parts) {
  /** @type {Map<bigint, Set<bigint>>} */
  let grid = new Map();
  for (const m of maxima) {
    const values = new Set([0n, m * parts]);
    for (const [p, q] of known) {
      if (p <= m) values.add(p * parts);
      values.add(((p * parts) / q) * m);
    }
    grid.set(m, values);
  }
  if (grid.size > 1) {
    const all = [...grid.values()].flatMap((values) => [...values]);
    const smallest = ascending(all.filter((value) => value > 0n))[0];
    const largest = ascending(grid.keys()).at(-1);
    for (const [m, values] of grid) values.add((smallest / (2n * largest)) * m);
  }
  for (let step = 1; step < maxima.length; step++) {
    const carried = new Map();
    let grown = false;
    for (const [m, before] of grid) {
      const values = new Set();
      for (const [n, others] of grid) {
        for (const g of others) {
          if (g <= m * parts) values.add(g);
          const met = (g / n) * m;
          if (met <= m * parts) values.add(met);
        }
      }
      grown ||= values.size !== before.size || [...values].some((value) => !before.has(value));
      carried.set(m, values);
    }
    if (!grown) break;
    grid = carried;
  }
  const positions = new Map();
  for (const [m, values] of grid) positions.set(m, withInteriors(ascending(values), BigInt(maxima.length)));
  return positions;
}

/** @param {bigint[]} values @param {bigint} count */
function withInteriors(values, count) {
  const result = [];
  for (let index = 0; index + 1 < values.length; index++) {
    const low = values[index];
    const width = (values[index + 1] - low) / (count + 1n);
    for (let step = 0n; step <= count; step++) result.push(low + step * width);
  }
  result.push(values.at(-1));
  return result;
}

/**
 * Whole points in the order of values in parts of a point; anchors (announced figures, in points) stay as they are.
 * @param {Iterable<bigint>} values
 * @param {Iterable<bigint>} anchors
 * @param {bigint} parts
 * @returns {Map<bigint, bigint> | null} null if more values lie between two anchors than whole numbers do
 */
export function placed(values, anchors, parts) {
  const fixed = new Set([...anchors].map((anchor) => anchor * parts));
  const ordered = ascending([...values, ...fixed]);
  /** @type {Map<bigint, bigint>} */
  const result = new Map();
  if (!ordered.length) return result;
  let ceiling = ordered.at(-1) / parts + 2n;
  for (const value of [...ordered].reverse()) {
    const whole = value / parts;
    ceiling = fixed.has(value) || whole < ceiling - 1n ? whole : ceiling - 1n;
    result.set(value, ceiling);
  }
  let previous = -1n;
  for (const value of ordered) {
    if (!fixed.has(value) && result.get(value) < previous + 1n) result.set(value, previous + 1n);
    if (result.get(value) <= previous) return null;
    previous = result.get(value);
  }
  return result;
}

/** Dense ranks from 0 in ascending order. @param {Iterable<bigint>} values @returns {Map<bigint, number>} */
export function ranks(values) {
  return new Map(ascending(values).map((value, rank) => [value, rank]));
}
