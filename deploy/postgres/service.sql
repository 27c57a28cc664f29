-- One service's role and database on a PostgreSQL server, run by an administrator; nothing changes the second time but
-- the password. psql variables: service (registry, intake, dispatch, supervision) and password.
--   psql -v service=intake -d postgres -f service.sql      (with \getenv password …, see init.sh)
-- `gridgov cluster up` reads the same file. Each statement yields the statements to run, so that it can be conditional.

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', 'gridgov_' || :'service')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gridgov_' || :'service')
\gexec

SELECT format('ALTER ROLE %I PASSWORD %L', 'gridgov_' || :'service', :'password')
\gexec

SELECT format('CREATE DATABASE %I OWNER %I ENCODING ''UTF8'' TEMPLATE template0', 'gridgov_' || :'service', 'gridgov_' || :'service')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'gridgov_' || :'service')
\gexec

-- Without this every role of the server may connect, and see at least the names of tables.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', 'gridgov_' || :'service')
\gexec
