# From a report to a closed work order, in a shell. G is the command, URL where GridGov answers.
G=${G:-.venv/bin/gridgov} URL=${URL:-http://127.0.0.1:8000}

as() { TOKEN=$($G token --role "$@"); }                                     # who acts from here on
get() { curl -sf -H "Authorization: Bearer $TOKEN" "$URL/$1"; }
field() { grep -o "\"$1\":[^,}]*" | head -1 | sed 's/^[^:]*://; s/"//g'; }  # one field of a JSON answer
act() { curl -sf -X POST "$URL/dispatch/work-orders/$ORDER/$1" -H "Authorization: Bearer $TOKEN" \
  -H 'Content-Type: application/json' -d "$2" \
  -H "If-Match: \"$(get "dispatch/work-orders/$ORDER" | field version)\"" | field state; }

# 1. A grid worker of 泉星社区 reports.
as grid_worker --unit A7-QT-01
NUMBER=$(curl -sf -X POST "$URL/intake/reports" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
  -H "Idempotency-Key: tour-$(date +%s%N)" \
  -d '{"channel": "grid_worker", "text": "泉塘街道泉星社区的路灯坏了半个月，晚上一片漆黑，请住建部门来修。"}' | field number)
echo "report $NUMBER"

# 2. A moment later it is a work order, and somebody must act.
as dispatcher --unit A7
until ORDER=$(get "dispatch/work-orders?number=$NUMBER" | field id) && [ -n "$ORDER" ]; do sleep 0.2; done
LEAD=$(get "dispatch/work-orders/$ORDER" | field lead_unit) AREA=$(get "dispatch/work-orders/$ORDER" | grep -o "\"place\":{[^}]*" | field area)
echo "work order $ORDER in $AREA, led by $LEAD"

# 3. The department accepts, starts, and says what was done.
as department_handler --unit "$LEAD"
act accept '{}'
act start '{}'
act resolve '{"result": "更换灯头三盏，已亮。"}'

# 4. A grid worker of the place checks on the spot, the dispatcher closes.
as grid_worker --unit "$AREA"
act verify '{}'
as dispatcher --unit A7
act close '{}'

# 5. The report has followed to the end, and every step is on the trail.
until [ "$(get "intake/reports?number=$NUMBER" | field status)" = closed ]; do sleep 0.2; done
get "dispatch/work-orders/$ORDER/trail" | grep -o '"action":"[^"]*"'
