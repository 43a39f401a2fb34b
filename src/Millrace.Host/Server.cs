using Microsoft.AspNetCore.Server.Kestrel.Core;
using Millrace.Accounts.Setup;
using Millrace.Host.Telemetry;
using Millrace.Host.Testing;
using Millrace.Host.Web;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Postgres;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Host;

/// <summary>Builds the whole server: database, modules, HTTP surfaces. Tests build the same one.</summary>
public static class Server
{
    /// <summary>Longest import the server takes, in bytes.</summary>
    public const long MaxUpload = 500L * 1024 * 1024;

    /// <param name="args">Command-line configuration such as <c>--urls</c>.</param>
    /// <param name="overrides">Configuration that wins over everything; tests use it.</param>
    /// <param name="more">Adds modules beyond the product's own; tests use it.</param>
    public static async Task<WebApplication> BuildAsync(
        string[] args, IReadOnlyDictionary<string, string?>? overrides, CancellationToken cancellationToken, Action<IHostApplicationBuilder>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--roles"] = "Millrace:Roles" });
        if (overrides is not null)
        {
            builder.Configuration.AddInMemoryCollection(overrides);
        }

        builder.AddProductLogging();
        using var bootLoggers = LoggerFactory.Create(l => l.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole());
        var database = await ProductDatabase.OpenAsync(builder.Configuration, bootLoggers.CreateLogger("Millrace.Database"), cancellationToken);
        WebApplication app;
        try
        {
            app = Compose(builder, database, more);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }

        try
        {
            await PrepareAsync(app, cancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>For commands that do one thing and end: nothing listens, and only what someone should look at is logged.</summary>
    public static Task<WebApplication> BuildForCommandAsync(string[] args, CancellationToken cancellationToken) =>
        BuildAsync([.. args, "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"], overrides: null, cancellationToken);

    private static WebApplication Compose(WebApplicationBuilder builder, ProductDatabase database, Action<IHostApplicationBuilder>? more)
    {
        var configuration = builder.Configuration;
        var directory = DataDirectory.Open(configuration["Millrace:DataDirectory"] ?? "./data");
        // From factories, so that the container disposes of both: the pool before the server it is connected to, as it was made later.
        builder.Services.AddSingleton(_ => database);
        builder.Services.AddSingleton(s => s.GetRequiredService<ProductDatabase>().Connect(s.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddKeyedSingleton(
            LoopsPoolAttribute.Name, (s, _) => s.GetRequiredService<ProductDatabase>().Connect(s.GetRequiredService<ILoggerFactory>(), LoopsPoolAttribute.Size));
        builder.Services.AddSingleton(directory);
        builder.Services.AddSingleton(KeyRing.Load(configuration["Millrace:MasterKey"], directory.Path));
        builder.Services.AddSingleton(Roles(configuration["Millrace:Roles"] ?? "web,worker"));
        builder.AddProduct();
        more?.Invoke(builder);
        builder.AddTelemetry();
        builder.AddWebSurfaces();
        builder.WebHost.ConfigureKestrel(Limit);
        builder.Host.UseDefaultServiceProvider(o => (o.ValidateOnBuild, o.ValidateScopes) = (false, true));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));

        var app = builder.Build();
        app.Services.GetRequiredService<ProductDatabase>();
        return app;
    }

    private static async Task PrepareAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await app.Services.GetRequiredService<MigrationRunner>().RunAsync(app.Services.GetRequiredService<ProductDatabase>().OwnerConnectionString, cancellationToken);
        await app.Services.GetRequiredService<Bootstrap>().RunAsync(cancellationToken);
        app.UseWebSurfaces();
        app.MapTestingClock();
        foreach (var pool in new[] { app.Services.GetRequiredService<NpgsqlDataSource>(), app.Services.GetRequiredKeyedService<NpgsqlDataSource>(LoopsPoolAttribute.Name) })
        {
            app.Lifetime.ApplicationStopped.Register(static state => ((NpgsqlDataSource)state!).Dispose(), pool);
        }
    }

    private static ProcessRoles Roles(string text)
    {
        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Length > 0 && names.All(n => n is "web" or "worker")
            ? new ProcessRoles(names.Contains("web"), names.Contains("worker"))
            : throw new StartupException($"Millrace:Roles is \"{text}\"; it takes web, worker, or web,worker.");
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 100;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
    }
}
