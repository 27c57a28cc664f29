#!/bin/sh
# Run once by the postgres image, when its volume is empty: a role and a database for each service.
set -eu
for service in registry intake dispatch supervision; do
  variable="GRIDGOV_$(printf %s "$service" | tr a-z A-Z)_PASSWORD"
  eval "password=\${$variable:?$variable is not set}"
  # Through the environment: arguments are seen by everybody who may list processes.
  SERVICE_PASSWORD="$password" psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 -v "service=$service" \
    --username "${POSTGRES_USER:-postgres}" --dbname postgres <<SQL
\getenv password SERVICE_PASSWORD
\i ${GRIDGOV_SERVICE_SQL:-/etc/gridgov/service.sql}
SQL
done
