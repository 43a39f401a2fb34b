using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Postgres;
using Npgsql;

namespace Millrace.Kernel.Tests.Postgres;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_database_is_utf8_with_checksums_and_reached_only_by_socket()
    {
        await using var server = await StartAsync();

        (await AskAsync<string>(server.OwnerConnectionString, "show server_encoding")).ShouldBe("UTF8");
        (await AskAsync<string>(server.OwnerConnectionString, "show data_checksums")).ShouldBe("on");
        (await AskAsync<string>(server.OwnerConnectionString, "show listen_addresses")).ShouldBe("");
        (await AskAsync<string>(server.OwnerConnectionString, "show jit")).ShouldBe("off");
    }

    [Fact]
    public async Task The_production_profile_is_durable()
    {
        await using var server = await StartAsync(PostgresProfile.Production);

        (await AskAsync<string>(server.OwnerConnectionString, "show fsync")).ShouldBe("on");
        (await AskAsync<string>(server.OwnerConnectionString, "show synchronous_commit")).ShouldBe("on");
        (await AskAsync<string>(server.OwnerConnectionString, "show max_wal_size")).ShouldBe("4GB");
        (await AskAsync<string>(server.OwnerConnectionString, "show checkpoint_timeout")).ShouldBe("15min");
    }

    [Fact]
    public async Task The_runtime_role_uses_what_the_owner_granted_and_changes_no_schema()
    {
        await using var server = await StartAsync();
        await RunAsync(server.OwnerConnectionString, """
            create schema crm;
            create table crm.deal (id bigint generated always as identity, title text);
            create table crm.secret (id bigint);
            grant usage on schema crm to millrace;
            grant select, insert on crm.deal to millrace;
            """);

        await RunAsync(server.RuntimeConnectionString, "insert into crm.deal (title) values ('first')");

        (await AskAsync<long>(server.RuntimeConnectionString, "select count(*) from crm.deal")).ShouldBe(1);
        (await DeniedAsync(server.RuntimeConnectionString, "select from crm.secret")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await DeniedAsync(server.RuntimeConnectionString, "create table crm.note (id bigint)")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await DeniedAsync(server.RuntimeConnectionString, "create table public.note (id bigint)")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await DeniedAsync(server.RuntimeConnectionString, "drop table crm.deal")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await AskAsync<bool>(server.RuntimeConnectionString, "select rolbypassrls or rolsuper from pg_roles where rolname = current_user")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_database_the_owner_creates_later_is_as_closed()
    {
        await using var server = await StartAsync();
        await RunAsync(server.OwnerConnectionString, "create database bench");
        var runtime = new NpgsqlConnectionStringBuilder(server.RuntimeConnectionString) { Database = "bench" }.ConnectionString;

        (await DeniedAsync(runtime, "create table public.note (id bigint)")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Data_is_there_after_a_stop_and_a_second_start()
    {
        await using (var first = await StartAsync())
        {
            await RunAsync(first.OwnerConnectionString, "create table kept as select 42 as answer");
        }

        await using var second = await StartAsync();

        (await AskAsync<int>(second.OwnerConnectionString, "select answer from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_second_start_on_the_same_directory_is_refused_in_one_line()
    {
        await using var first = await StartAsync();

        var refused = await Should.ThrowAsync<StartupException>(() => StartAsync());

        refused.Message.ShouldContain("in use by another Millrace");
        refused.Message.ShouldNotContain("\n");
        (await AskAsync<int>(first.OwnerConnectionString, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_killed_server_is_started_again_with_all_that_was_committed()
    {
        await using var server = await StartAsync(PostgresProfile.Production);
        await RunAsync(server.OwnerConnectionString, "create table kept as select 42 as answer");
        var killed = server.ProcessId;

        Signals.Send(killed, Signals.Kill).ShouldBeTrue();

        (await Eventually.TrueAsync(() => server.ProcessId != killed, TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None)).ShouldBeTrue();
        (await AskAsync<int>(server.OwnerConnectionString, "select answer from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_server_left_running_by_a_killed_host_is_stopped_by_the_next_start()
    {
        var folder = Path.Combine(_folder.Path, "data");
        await using (await StartAsync())
        {
        }

        using var orphan = await OrphanServer.StartAsync(folder);
        var log = new ListLogger();
        await using var server = await EmbeddedPostgres.StartAsync(Options(), log, TimeProvider.System, CancellationToken.None);

        log.Lines.ShouldContain(line => line.Contains("had left behind", StringComparison.Ordinal));
        orphan.HasExited.ShouldBeTrue();
        (await AskAsync<int>(server.OwnerConnectionString, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_stale_pid_file_with_the_number_of_a_stranger_does_not_block_the_start()
    {
        await using (await StartAsync())
        {
        }

        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "data", "postgres", "postmaster.pid"), $"{Environment.ProcessId}\n/elsewhere\n1\n5432\n/tmp\n\n1 1\nready\n");
        await using var server = await StartAsync();

        (await AskAsync<int>(server.OwnerConnectionString, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_start_quotes_the_log_in_one_line()
    {
        await using (await StartAsync())
        {
        }

        await File.AppendAllTextAsync(Path.Combine(_folder.Path, "data", "postgres", "postgresql.conf"), "no_such_setting = 1\n");
        var failed = await Should.ThrowAsync<StartupException>(() => StartAsync());

        failed.Message.ShouldContain("no_such_setting");
        failed.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_data_directory_too_deep_for_a_socket_path_still_works()
    {
        var deep = Path.Combine(_folder.Path, new string('d', 60), new string('e', 60));
        await using var server = await EmbeddedPostgres.StartAsync(Options(deep), NullLogger.Instance, TimeProvider.System, CancellationToken.None);

        (await AskAsync<int>(server.OwnerConnectionString, "select 1")).ShouldBe(1);
    }

    private Task<EmbeddedPostgres> StartAsync(PostgresProfile profile = PostgresProfile.Test) =>
        EmbeddedPostgres.StartAsync(Options(profile: profile), NullLogger.Instance, TimeProvider.System, CancellationToken.None);

    private EmbeddedPostgresOptions Options(string? folder = null, PostgresProfile profile = PostgresProfile.Test) =>
        new() { DataDirectory = folder ?? Path.Combine(_folder.Path, "data"), Profile = profile };

    private static async Task RunAsync(string connectionString, string sql)
    {
        await using var source = Unpooled(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> AskAsync<T>(string connectionString, string sql)
    {
        await using var source = Unpooled(connectionString);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<string> DeniedAsync(string connectionString, string sql) =>
        (await Should.ThrowAsync<PostgresException>(() => RunAsync(connectionString, sql))).SqlState;

    private static NpgsqlDataSource Unpooled(string connectionString) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
}
