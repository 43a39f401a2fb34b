using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Accounts.Setup;
using Millrace.Host;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Time;
using Npgsql;
using Xunit;

namespace Millrace.TestKit;

/// <summary>
/// The real server on a free loopback port with a database of its own: a class fixture. Each test makes its own account, so tests run in
/// parallel and never clean up. Time moves by <see cref="AdvanceAsync"/>; nothing sleeps.
/// </summary>
public class Product : IAsyncLifetime
{
    private WebApplication? _app;
    private string? _directory;
    private int _accounts;

    /// <summary>Where the server listens.</summary>
    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    public NpgsqlDataSource Database => Services.GetRequiredService<NpgsqlDataSource>();

    /// <summary>The product's present time.</summary>
    public DateTimeOffset Now => Services.GetRequiredService<TimeProvider>().GetUtcNow();

    /// <summary>Connection string of the role that owns the schema; it sees all rows only as far as row-level security lets it.</summary>
    public string OwnerConnectionString { get; private set; } = null!;

    /// <summary>Connection string of the role that the server itself uses.</summary>
    public string RuntimeConnectionString { get; private set; } = null!;

    /// <summary>Configuration of this server beyond what every test server has. Override in a fixture of your own.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string?>> Settings => [];

    /// <summary>Modules of this server beyond the product's own, for what only tests have. Override in a fixture of your own.</summary>
    protected virtual void Configure(Microsoft.Extensions.Hosting.IHostApplicationBuilder builder)
    {
    }

    public virtual async ValueTask InitializeAsync()
    {
        var (owner, runtime) = await TestServer.NewDatabaseAsync();
        (OwnerConnectionString, RuntimeConnectionString) = (owner, runtime);
        _directory = Directory.CreateTempSubdirectory("millrace-data-").FullName;
        var settings = new Dictionary<string, string?>
        {
            ["Millrace:Database"] = runtime,
            ["Millrace:OwnerDatabase"] = owner,
            ["Millrace:DataDirectory"] = _directory,
            ["Millrace:Testing:VirtualClock"] = "true",
            ["Millrace:Api:RequestsPerSecond"] = "100000",
            ["Logging:LogLevel:Default"] = "Warning",
            // Nobody listens there: no test asks the world's name servers.
            ["Millrace:Dns:Servers"] = "127.0.0.1:9",
            // What is installed on this machine must not change what tests see.
            ["Millrace:Geography:Database"] = "off",
            ["urls"] = "http://127.0.0.1:0",
        };
        foreach (var (key, value) in Settings)
        {
            settings[key] = value;
        }

        _app = await Server.BuildAsync([], settings, CancellationToken.None, Configure);
        await _app.StartAsync();
        Address = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Moves virtual time forward in every role of this server.</summary>
    public Task AdvanceAsync(TimeSpan by) => Services.GetRequiredService<ClockSynchroniser>().AdvanceAsync(by, CancellationToken.None);

    /// <summary>A new tenant with an admin, an API key and clients that are logged in.</summary>
    public async Task<TestAccount> NewAccountAsync(string timeZone = "UTC")
    {
        var number = Interlocked.Increment(ref _accounts);
        var email = FormattableString.Invariant($"admin{number}@example.com");
        var key = FormattableString.Invariant($"test-key-of-account-{number:D6}-{Kernel.Security.RandomToken.New(12)}");
        const string password = "correct horse battery";
        var created = await Services.GetRequiredService<AccountCreator>().CreateAsync(
            new AccountCreator.NewAccount(
                FormattableString.Invariant($"Company {number}"), "Ada Admin", email, password, timeZone, "Test Company", "1 Test Street\nTestville", key)
            { PasswordRounds = 1_000 }, // a quarter of a second of computing for each account otherwise
            onlyFirst: false,
            CancellationToken.None);
        return await TestAccount.LogInAsync(this, created.AccountId, created.UserId, email, password, key);
    }

    /// <summary>Polls until the condition holds; the limit is real time and only there so that a broken test ends.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> condition, string what, double seconds = 20)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds > seconds)
            {
                throw new TimeoutException($"Not within {seconds} s: {what}");
            }

            // Often at first, so that no test waits in vain; then seldom, for the question costs what is waited for.
            await Task.Delay(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds < 1 ? 25 : 100);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_directory is not null)
        {
            Directory.Delete(_directory, recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    /// <param name="before">Stops there; null: everything.</param>
    internal static async Task MigrateAsync(string owner, string? before = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddProduct();
        await new MigrationRunner(builder.Catalog(), NullLogger<MigrationRunner>.Instance).RunAsync(owner, CancellationToken.None, before);
    }
}
