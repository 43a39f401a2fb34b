using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Millrace.Accounts.Setup;
using Millrace.Kernel.Time;

namespace Millrace.Host.Commands;

/// <summary><c>serve [--demo]</c>: everything, until SIGTERM or Ctrl-C; then running work is finished within 30 s.</summary>
internal static class ServeCommand
{
    private const string DefaultAddress = "http://127.0.0.1:5080";

    public static async Task<int> RunAsync(string[] args)
    {
        var urls = ArgumentOf(args) ?? Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? DefaultAddress;
        ListeningAddress.Check(urls);
        await using var app = await Server.BuildAsync([.. args.Where(a => a != "--demo"), "--urls", urls], overrides: null, CancellationToken.None);
        var database = app.Services.GetRequiredService<ProductDatabase>();
        await app.Services.GetRequiredService<ClockSynchroniser>().LeaveThePastAsync(CancellationToken.None);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Console.WriteLine($"Millrace is ready at {address} ({database.Description})");
        if (args.Contains("--demo", StringComparer.Ordinal))
        {
            await DemoAccount.AddAsync(app.Services, new Uri(address), app.Lifetime.ApplicationStopping);
        }

        if (!await app.Services.GetRequiredService<AccountCreator>().AnyAccountAsync(CancellationToken.None))
        {
            Console.WriteLine($"First run: open {address}/app/setup to make your account.");
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    private static string? ArgumentOf(string[] args)
    {
        var at = Array.FindIndex(args, a => a == "--urls" || a.StartsWith("--urls=", StringComparison.Ordinal));
        return at < 0 ? null : args[at].Contains('=', StringComparison.Ordinal) ? args[at][7..] : args.ElementAtOrDefault(at + 1);
    }
}
