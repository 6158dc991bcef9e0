# Steps and their sums. Sourced by `run`, and understood by the bash 3.2 of macOS.

named=$#
wanted=" $* "
ran=0
passed=0
failed=0
failures=
details=

# step NAME TITLE COMMAND…: runs the command if it is wanted, counts it, and goes on whatever happens.
step() {
  is_wanted "$1" || return 0
  local title=$2 started=$SECONDS status=0
  shift 2
  ran=$((ran + 1))
  printf '\n=== %s\n' "$title"
  "$@" || status=$?
  if [ "$status" -eq 0 ]; then
    passed=$((passed + 1))
    printf -- '--- passed: %s (%d s)\n' "$title" $((SECONDS - started))
  else
    failed=$((failed + 1))
    failures+="failed: $title"$'\n'
    printf -- '--- FAILED: %s (status %d, %d s)\n' "$title" "$status" $((SECONDS - started))
  fi
}

# test_step NAME TITLE COMMAND…: a step whose tap assertions are counted too; one that asserts nothing has failed.
test_step() {
  is_wanted "$1" || return 0
  local name=$1 title=$2 log=.cache/test-step.log counts
  shift 2
  mkdir -p .cache
  : >"$log"
  step "$name" "$title" logged "$log" "$@"
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

# All are, if none is named.
is_wanted() { [[ $named -eq 0 || $wanted == *" $1 "* ]]; }

# The last line is read by machines: keep it alone and in this form.
finish() {
  if [ "$named" -ne 0 ] && [ "$ran" -ne "$named" ]; then
    failed=$((failed + 1))
    failures+="failed: $((named - ran)) of the steps that were named do not exist"$'\n'
  fi
  printf '%s\n\n%s' "$details" "$failures"
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}
