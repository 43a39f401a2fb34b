using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Npgsql;

namespace Millrace.Kernel.Data;

/// <summary>
/// Applies the numbered SQL files of all modules in name order, each in its own transaction, under an advisory lock. Forward only;
/// an applied file that has changed since is refused.
/// </summary>
public sealed partial class MigrationRunner(ModuleCatalog modules, ILogger<MigrationRunner> logger)
{
    private const long LockKey = 6_413_776_301;

    /// <summary>One migration file as it stands in an assembly.</summary>
    public sealed record Migration(string Name, string Text)
    {
        public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
    }

    /// <summary>All files of all modules, in the order in which they are applied.</summary>
    public IReadOnlyList<Migration> Migrations => [.. modules.Modules.SelectMany(m => Read(m.Assembly)).OrderBy(m => m.Name, StringComparer.Ordinal)];

    /// <param name="ownerConnectionString">A role that may create schemas; it becomes the owner of everything.</param>
    /// <param name="before">Name of a migration: that one and all after it are left for later. Tests make databases of an earlier version with it.</param>
    /// <returns>How many files were applied.</returns>
    public async Task<int> RunAsync(string ownerConnectionString, CancellationToken cancellationToken, string? before = null)
    {
        // Not pooled: the session holds the advisory lock and must end with it.
        var settings = new NpgsqlConnectionStringBuilder(ownerConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await Sql.Of($"select pg_advisory_lock({LockKey})").ExecuteAsync(connection, cancellationToken);
        await PrepareAsync(connection, cancellationToken);
        var applied = (await Sql.Of($"select name, checksum from kernel.migration").ListAsync<AppliedMigration>(connection, cancellationToken))
            .ToDictionary(m => m.Name, m => m.Checksum, StringComparer.Ordinal);
        var count = 0;
        foreach (var migration in Migrations.TakeWhile(m => before is null || string.CompareOrdinal(m.Name, before) < 0))
        {
            if (!applied.TryGetValue(migration.Name, out var checksum))
            {
                await ApplyAsync(connection, migration, cancellationToken);
                count++;
            }
            else if (checksum != migration.Checksum)
            {
                throw new StartupException($"Migration {migration.Name} was changed after it had been applied to this database; restore the file or the database.");
            }
        }

        if (count > 0)
        {
            LogApplied(count);
        }

        return count;
    }

    private static async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Roles belong to the whole server, so two databases may race for the same one.
        await Sql.Of($"""
            do $$
            begin
                if not exists (select from pg_roles where rolname = 'millrace') then
                    create role millrace nologin;
                end if;
            exception when duplicate_object or unique_violation then null;
            end $$
            """).ExecuteAsync(connection, cancellationToken);
        await Sql.Of($"create schema if not exists kernel").ExecuteAsync(connection, cancellationToken);
        await Sql.Of($"""
            create table if not exists kernel.migration (
                name       text        not null primary key,
                checksum   text        not null,
                applied_at timestamptz not null default now()
            )
            """).ExecuteAsync(connection, cancellationToken);
        await Sql.Of($"grant usage on schema kernel to millrace").ExecuteAsync(connection, cancellationToken);
        await Sql.Of($"grant select on kernel.migration to millrace").ExecuteAsync(connection, cancellationToken);
        foreach (var grant in new[] { Sql.Of($"grant millrace to current_user") })
        {
            await GrantIfAllowedAsync(connection, grant, cancellationToken);
        }
    }

    /// <summary>The owner must be a member of the runtime role to act as it; where he may not grant that, the operator has to.</summary>
    private static async Task GrantIfAllowedAsync(NpgsqlConnection connection, Sql grant, CancellationToken cancellationToken)
    {
        try
        {
            await grant.ExecuteAsync(connection, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidGrantOperation)
        {
            // Not fatal: row-level security is forced on the owner too.
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "The text is an embedded file of ours.")]
    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(migration.Text, connection, transaction))
        {
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await Sql.Of($"insert into kernel.migration (name, checksum) values ({migration.Name}, {migration.Checksum})")
            .ExecuteAsync(transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static IEnumerable<Migration> Read(Assembly assembly)
    {
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal) && n.Contains(".Migrations.", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var start = resource.IndexOf(".Migrations.", StringComparison.Ordinal) + ".Migrations.".Length;
            yield return new Migration(resource[start..], reader.ReadToEnd());
        }
    }

    private sealed record AppliedMigration(string Name, string Checksum);

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied {Count} database migrations")]
    private partial void LogApplied(int count);
}
