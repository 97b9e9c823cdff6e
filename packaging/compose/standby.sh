#!/bin/bash
# A standby: a copy of the primary where there is none yet, then PostgreSQL.
set -euo pipefail

if [[ ! -s $PGDATA/PG_VERSION ]]; then
    until pg_basebackup --pgdata "$PGDATA" --wal-method stream --slot standby --write-recovery-conf \
        --dbname 'host=primary user=standby application_name=standby'; do
        find "$PGDATA" -mindepth 1 -delete
        sleep 2
    done
    chmod 0700 "$PGDATA"
fi
exec postgres
