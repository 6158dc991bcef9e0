/**
 * The largest probability of an event with which as few as `events` in `trials` are still seen in 5 % of all runs: the
 * upper end of a one-sided 95 % interval (Clopper–Pearson). After none at all it is about 3 / `trials`.
 */
export function upperBound(events: number, trials: number): number {
  if (events >= trials) return 1
  if (events === 0) return -Math.expm1(Math.log(risk) / trials)
  let low = events / trials
  let high = 1
  // halved until nothing is left between the two but the resolution of a number
  for (let middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
    if (atMost(events, trials, middle) > risk) low = middle
    else high = middle
  }
  return high
}

const risk = 0.05

/** How probable it is to see at most `events`: each term from the one before it, as logarithms since they underflow. */
function atMost(events: number, trials: number, probability: number): number {
  const logOdds = Math.log(probability) - Math.log1p(-probability)
  let logTerm = trials * Math.log1p(-probability)
  let sum = Math.exp(logTerm)
  for (let seen = 1; seen <= events; seen++) {
    logTerm += Math.log((trials - seen + 1) / seen) + logOdds
    sum += Math.exp(logTerm)
  }
  return sum
}
