using Npgsql;

namespace Millrace.Kernel.Postgres;

/// <summary>Roles and database of a new cluster. Repeatable: a start cut short here is completed by the next one.</summary>
internal static class Bootstrap
{
    public const string Database = "millrace";
    public const string Owner = "millrace_owner";
    public const string Runtime = "millrace";

    private const string Roles = """
        do $$ begin
            if not exists (select from pg_roles where rolname = 'millrace_owner') then
                create role millrace_owner login createdb;
            end if;
            if not exists (select from pg_roles where rolname = 'millrace') then
                create role millrace login nosuperuser nocreatedb nocreaterole nobypassrls;
            end if;
        end $$;
        """;

    // In template1, so that databases made later (benchmarks, tests) begin with the same rights.
    private const string Rights = """
        revoke create on schema public from public;
        """;

    public static async Task EnsureAsync(NpgsqlConnectionStringBuilder superuser, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(superuser, cancellationToken))
        {
            return;
        }

        var template = new NpgsqlConnectionStringBuilder(superuser.ConnectionString) { Database = "template1" };
        await using (var connection = new NpgsqlConnection(template.ConnectionString))
        {
            await connection.OpenAsync(cancellationToken);
            await using var prepare = new NpgsqlCommand(Roles + Rights, connection);
            await prepare.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var maintenance = new NpgsqlConnection(superuser.ConnectionString);
        await maintenance.OpenAsync(cancellationToken);
        await using var create = new NpgsqlCommand("create database millrace owner millrace_owner", maintenance);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnectionStringBuilder superuser, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(superuser.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select exists (select from pg_database where datname = 'millrace')", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
