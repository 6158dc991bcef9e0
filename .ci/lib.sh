# Steps and their sums. Sourced by `run`.

passed=0
failed=0
failures=()
details=

# step TITLE COMMAND…: runs the command, counts it, and goes on whatever happens.
step() {
  local title=$1 started=$SECONDS status=0
  shift
  printf '\n=== %s\n' "$title"
  "$@" || status=$?
  if [ "$status" -eq 0 ]; then
    passed=$((passed + 1))
    printf -- '--- passed: %s (%d s)\n' "$title" $((SECONDS - started))
  else
    failed=$((failed + 1))
    failures+=("$title")
    printf -- '--- FAILED: %s (status %d, %d s)\n' "$title" "$status" $((SECONDS - started))
  fi
}

# test_step TITLE COMMAND…: a step whose tap assertions are counted too; one that asserts nothing has failed.
test_step() {
  local title=$1 log=.cache/test-step.log counts
  shift
  mkdir -p .cache
  : >"$log"
  step "$title" logged "$log" "$@"
  counts=$(node .ci/count-assertions.js "$log")
  passed=$((passed + ${counts% *}))
  failed=$((failed + ${counts#* }))
  printf -- '    assertions: %d passed, %d failed\n' "${counts% *}" "${counts#* }"
  [ "${counts#* }" -eq 0 ] || details+=$(printf '\n%s:\n%s' "$title" "$(node .ci/failed-assertions.js "$log")")
}

logged() {
  local log=$1 status=0
  shift
  "$@" 2>&1 | tee "$log" || status=$?
  grep -q '# { total: [1-9]' "$log" || status=1
  return "$status"
}

# The last line is read by machines: keep it alone and in this form.
finish() {
  local failure
  printf '%s\n\n' "$details"
  for failure in "${failures[@]}"; do printf 'failed: %s\n' "$failure"; done
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}
