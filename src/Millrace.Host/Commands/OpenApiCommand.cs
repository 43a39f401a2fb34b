using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Millrace.Host.Commands;

/// <summary><c>openapi FILE</c>: writes the document the UI's client is generated from.</summary>
internal static class OpenApiCommand
{
    public static async Task<int> RunAsync(string file, string[] args)
    {
        await using var app = await Server.BuildForCommandAsync(args, CancellationToken.None);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
#pragma warning disable RS0030 // It calls this very process, nothing a user gave.
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await File.WriteAllTextAsync(file, await client.GetStringAsync(new Uri("/api/docs/app.json", UriKind.Relative)) + "\n");
#pragma warning restore RS0030
        await app.StopAsync();
        return 0;
    }
}
