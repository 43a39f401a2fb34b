using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Postgres;
using Npgsql;

namespace Millrace.Kernel.Tests.Postgres;

public sealed class BinarySearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_newest_installed_version_wins()
    {
        FakeInstallation("16", "16.4");
        FakeInstallation("9.6", "9.6.1");
        FakeInstallation("17", "17.2");

        (await FindAsync(major: null)).Version.ShouldBe("17.2");
    }

    [Fact]
    public async Task A_data_directory_is_opened_only_with_its_own_major_version()
    {
        FakeInstallation("16", "16.4");
        FakeInstallation("17", "17.2");

        (await FindAsync(major: 16)).Version.ShouldBe("16.4");
        var refused = await Should.ThrowAsync<StartupException>(() => FindAsync(major: 18));
        refused.Message.ShouldContain("was made by PostgreSQL 18");
        refused.Message.ShouldContain("found only 17.2");
        refused.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task Versions_before_15_are_not_taken()
    {
        FakeInstallation("14", "14.2");

        (await Should.ThrowAsync<StartupException>(() => FindAsync(major: null))).Message.ShouldContain("No PostgreSQL 15 or newer; found only 14.2");
    }

    [Fact]
    public async Task A_configured_folder_is_the_only_one_tried()
    {
        FakeInstallation("17", "17.2");
        var options = Options();
        options.Binaries = Path.Combine(_folder.Path, "nothing");

        (await Should.ThrowAsync<StartupException>(() => BinarySearch.FindAsync(options, major: null, CancellationToken.None)))
            .Message.ShouldStartWith("Millrace:Postgres:Binaries is");
    }

    [Fact]
    public async Task The_npm_package_makes_and_runs_a_database_where_it_is_there()
    {
        var options = new EmbeddedPostgresOptions
        {
            DataDirectory = Path.Combine(_folder.Path, "data"),
            InstalledIn = [],
            SearchPath = false,
            Profile = PostgresProfile.Test,
        };
        Assert.SkipWhen(NpmBinaries.Find(options) is null, "tools/postgres is not installed: npm ci there brings it");

        await using var server = await EmbeddedPostgres.StartAsync(options, NullLogger.Instance, TimeProvider.System, CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.OwnerConnectionString) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand("select lower('ÄÖÜ') || current_setting('wal_compression')");

        (await command.ExecuteScalarAsync()).ShouldBe("äöüoff");
    }

    private Task<PostgresBinaries> FindAsync(int? major) => BinarySearch.FindAsync(Options(), major, CancellationToken.None);

    private EmbeddedPostgresOptions Options() => new()
    {
        DataDirectory = Path.Combine(_folder.Path, "data"),
        InstalledIn = [Path.Combine(_folder.Path, "installed")],
        SearchPath = false,
        SearchUpwardsFrom = [_folder.Path],
    };

    /// <summary>Programs that only know their version, as the search asks for nothing else.</summary>
    private void FakeInstallation(string folder, string version)
    {
        var bin = Directory.CreateDirectory(Path.Combine(_folder.Path, "installed", folder, "bin")).FullName;
        foreach (var program in new[] { "postgres", "initdb" })
        {
            var path = Path.Combine(bin, program);
            File.WriteAllText(path, $"#!/bin/sh\necho 'postgres (PostgreSQL) {version} (Debian)'\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
