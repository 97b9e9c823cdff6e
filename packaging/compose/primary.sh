#!/bin/bash
# Run once, by the image, in an empty primary.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username postgres --dbname holdfast \
    --set standby="$STANDBY_PASSWORD" --set holdfast="$HOLDFAST_PASSWORD" <<'SQL'
CREATE ROLE holdfast LOGIN PASSWORD :'holdfast';
-- A start is refused without it where a standby is awaited: whether one holds a commit could not be seen.
GRANT pg_read_all_stats TO holdfast;
ALTER DATABASE holdfast OWNER TO holdfast;
CREATE ROLE standby REPLICATION LOGIN PASSWORD :'standby';
SELECT pg_create_physical_replication_slot('standby');
-- A standby that is away for long has to be made again, before its log fills the disk.
ALTER SYSTEM SET max_slot_wal_keep_size = '8GB';
-- Last, and from the next start on: nothing above could commit without a standby.
ALTER SYSTEM SET synchronous_standby_names = 'standby';
SQL
echo 'host replication standby all scram-sha-256' >>"$PGDATA/pg_hba.conf"
