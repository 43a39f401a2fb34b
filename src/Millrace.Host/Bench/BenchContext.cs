using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Millrace.Accounts.Setup;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Host.Bench;

/// <summary>A throw-away database on the embedded (or the configured) server, the real product on it, and the meters.</summary>
internal sealed class BenchContext : IAsyncDisposable
{
    private readonly string _directory;

    private BenchContext(WebApplication app, string directory, Uri address, bool quick)
    {
        (App, _directory, Address, Quick) = (app, directory, address, quick);
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    /// <summary>A tenth of the data.</summary>
    public bool Quick { get; }

    public NpgsqlDataSource Database => App.Services.GetRequiredService<NpgsqlDataSource>();

    /// <summary>Of the bounds: without a time-out, for they do in one statement what the product does in many.</summary>
    public string OwnerConnectionString =>
        new NpgsqlConnectionStringBuilder(App.Services.GetRequiredService<ProductDatabase>().OwnerConnectionString) { CommandTimeout = 0 }.ConnectionString;

    public long AccountId { get; private set; }

    public const string ApiKey = "bench-key-0123456789abcdef";

    public const string Password = "correct horse battery";

    public int Scale(int full) => Quick ? full / 10 : full;

    public static async Task<BenchContext> StartAsync(bool quick, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("millrace-bench-").FullName;
        var all = new Dictionary<string, string?>
        {
            ["Millrace:DataDirectory"] = directory,
            ["Millrace:Api:RequestsPerSecond"] = "100000",
            ["Millrace:Testing:VirtualClock"] = "true",
            ["Logging:LogLevel:Default"] = "Warning",
            ["urls"] = "http://127.0.0.1:0",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var app = await Server.BuildAsync([], all, cancellationToken);
        await app.StartAsync(cancellationToken);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var context = new BenchContext(app, directory, address, quick);
        var created = await app.Services.GetRequiredService<AccountCreator>().CreateAsync(
            new AccountCreator.NewAccount("Bench", "Ben Bench", "bench@example.com", Password, "UTC", "Bench", "1 Bench Street", ApiKey),
            onlyFirst: true,
            cancellationToken);
        context.AccountId = created.AccountId;
        return context;
    }

    public Task<AccountTransaction> BeginAsync(CancellationToken cancellationToken) => AccountTransaction.BeginAsync(Database, AccountId, cancellationToken);

    /// <summary>A client logged in with cookie and anti-forgery token; addresses are relative to <c>/api/app/</c>.</summary>
    public async Task<HttpClient> LogInAsync(string email, CancellationToken cancellationToken)
    {
        var app = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Address, "/api/app/"), Timeout = TimeSpan.FromMinutes(10) };
        using var login = await app.PostAsJsonAsync("session", new { email, password = Password }, cancellationToken);
        login.EnsureSuccessStatusCode();
        var token = login.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0].Split('=', 2)).First(c => c[0] == "millrace_csrf")[1];
        app.DefaultRequestHeaders.Add("X-CSRF-Token", Uri.UnescapeDataString(token));
        return app;
    }

    /// <summary>User and system time of this process and of the database's processes below it, in seconds.</summary>
    public static double CpuSeconds() => ProcessTree().Sum(CpuOf);

    /// <summary>What autovacuum does within the first minute of a growing table; the rounds shall not depend on when it comes.</summary>
    public async Task AnalyzeAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(OwnerConnectionString);
        await connection.OpenAsync(cancellationToken);
        await Sql.Of($"vacuum analyze").ExecuteAsync(connection, cancellationToken);
    }

    /// <summary>Where the write-ahead log stands, in bytes.</summary>
    public async Task<decimal> WalBytesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await Database.OpenConnectionAsync(cancellationToken);
        return await Sql.Of($"select pg_current_wal_lsn() - '0/0'::pg_lsn").FirstAsync<decimal>(connection, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static List<int> ProcessTree()
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(n => n!.All(char.IsAsciiDigit)))
        {
            if (Stat(folder!) is { } stat)
            {
                (children.TryGetValue(stat.Parent, out var list) ? list : children[stat.Parent] = []).Add(int.Parse(folder!, CultureInfo.InvariantCulture));
            }
        }

        var tree = new List<int> { Environment.ProcessId };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children.GetValueOrDefault(tree[i]) ?? []);
        }

        return tree;
    }

    private static double CpuOf(int process) => Stat(process.ToString(CultureInfo.InvariantCulture))?.Ticks / 100.0 ?? 0;

    // Own time and that of children already waited for, so that database processes that have ended still count.
    private static (int Parent, long Ticks)? Stat(string process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Polls until the condition holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan limit, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"Not within {limit}: {what}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }
}
