#!/usr/bin/env bash
# Adds a migration of the vault's tables for both databases: eng/add-migration.sh NAME
# Needs the tool once: dotnet tool install --global dotnet-ef --version 10.0.15
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:?usage: eng/add-migration.sh NAME}
export AddMigration=true
dotnet restore Gateway -v q
for database in Sqlite Postgres; do
  folder=Vault/Storage/Migrations/$database
  dotnet ef migrations add "$name" --project Gateway --context "${database}VaultContext" --output-dir "$folder"
  # Types of the gateway are internal and sealed, and files have no byte order mark.
  sed -i -E '1s/^\xEF\xBB\xBF//; s/^( +)(public )?partial class/\1internal sealed partial class/' Gateway/"$folder"/*.cs
done
unset AddMigration
dotnet restore Gateway -v q
