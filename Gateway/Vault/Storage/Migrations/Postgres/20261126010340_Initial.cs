using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace AspireGateway.Gateway.Vault.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    internal sealed partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "changes",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    topic = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_changes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "grants",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    issuer = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    authorization_server = table.Column<string>(type: "text", nullable: false),
                    resource = table.Column<string>(type: "text", nullable: false),
                    client_id = table.Column<string>(type: "text", nullable: false),
                    grant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    generation = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    fencing = table.Column<long>(type: "bigint", nullable: false),
                    lease_holder = table.Column<Guid>(type: "uuid", nullable: true),
                    lease_until = table.Column<long>(type: "bigint", nullable: false),
                    not_before = table.Column<long>(type: "bigint", nullable: true),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    refreshed_at = table.Column<long>(type: "bigint", nullable: true),
                    used_at = table.Column<long>(type: "bigint", nullable: true),
                    key_id = table.Column<string>(type: "text", nullable: false),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_grants", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "records",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    kind = table.Column<string>(type: "text", nullable: false),
                    key_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    group_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    key_id = table.Column<string>(type: "text", nullable: false),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_records", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "secrets",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    key_id = table.Column<string>(type: "text", nullable: false),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_secrets", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_changes_created_at",
                table: "changes",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_grants_grant_id",
                table: "grants",
                column: "grant_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_grants_issuer_subject_target",
                table: "grants",
                columns: new[] { "issuer", "subject", "target" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_grants_key_id",
                table: "grants",
                column: "key_id");

            migrationBuilder.CreateIndex(
                name: "IX_grants_target",
                table: "grants",
                column: "target");

            migrationBuilder.CreateIndex(
                name: "IX_records_expires_at",
                table: "records",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_records_key_id",
                table: "records",
                column: "key_id");

            migrationBuilder.CreateIndex(
                name: "IX_records_kind_group_hash",
                table: "records",
                columns: new[] { "kind", "group_hash" });

            migrationBuilder.CreateIndex(
                name: "IX_records_kind_key_hash",
                table: "records",
                columns: new[] { "kind", "key_hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_secrets_name",
                table: "secrets",
                column: "name",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "changes");

            migrationBuilder.DropTable(
                name: "grants");

            migrationBuilder.DropTable(
                name: "records");

            migrationBuilder.DropTable(
                name: "secrets");
        }
    }
}
