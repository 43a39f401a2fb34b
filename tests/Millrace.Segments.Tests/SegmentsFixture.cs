using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Accounts;
using Millrace.Activities;
using Millrace.Contacts;
using Millrace.Kernel;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Segments.Contracts;
using Millrace.TestKit;
using Npgsql;

namespace Millrace.Segments.Tests;

/// <summary>A migrated database and the services of the module, without a server.</summary>
public sealed class SegmentsFixture : IAsyncLifetime
{
    private IHost? _host;
    private string _owner = "";

    public NpgsqlDataSource Database { get; private set; } = null!;

    internal IConditions Conditions => _host!.Services.GetRequiredService<IConditions>();

    internal Catalogue<SegmentCondition> Catalogue => _host!.Services.GetRequiredService<Catalogue<SegmentCondition>>();

    public async ValueTask InitializeAsync()
    {
        (_owner, var runtime) = await TestServer.NewDatabaseAsync();
        Database = NpgsqlDataSource.Create(runtime);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddKernel().AddModule<AccountsModule>().AddModule<ActivitiesModule>().AddModule<ContactsModule>().AddModule<SegmentsModule>();
        builder.Services.AddSingleton(Database);
        _host = builder.Build();
    }

    internal async Task<long> NewAccountAsync()
    {
        await using var connection = await Database.OpenConnectionAsync();
        return await Sql.Of($"""
            insert into accounts.account (name, event_key, created_at) values ('Test', 'k', '2026-01-01T00:00:00Z') returning id
            """).FirstAsync<long>(connection, CancellationToken.None);
    }

    /// <summary>A connection of the role that owns the schema.</summary>
    internal async Task<NpgsqlConnection> OwnerAsync()
    {
        var connection = new NpgsqlConnection(_owner);
        await connection.OpenAsync();
        return connection;
    }

    internal Task<AccountTransaction> BeginAsync(long account) => AccountTransaction.BeginAsync(Database, account, CancellationToken.None);

    internal ConditionTree Parse(string json) => Conditions.Parse(JsonDocument.Parse(json).RootElement, "/conditions");

    public async ValueTask DisposeAsync()
    {
        _host?.Dispose();
        await Database.DisposeAsync();
    }
}
