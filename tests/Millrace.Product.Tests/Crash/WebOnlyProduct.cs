using System.Security.Cryptography;
using Millrace.Mail.Receiving;
using Npgsql;

namespace Millrace.Product.Tests.Crash;

/// <summary>The web role in this process, workers in others, a mail sink between them. Leases are a tenth of their usual length.</summary>
public sealed class WebOnlyProduct : TestKit.Product
{
    private readonly string _masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly string _logs = Directory.CreateTempSubdirectory("millrace-workers-").FullName;
    private int _started;

    public FaultSink Sink { get; } = FaultSink.Start();

    /// <summary>What the workers have printed, for a failing test.</summary>
    public string WorkerLog => string.Concat(Directory.EnumerateFiles(_logs, "*.log").Select(File.ReadAllText));

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        Common.Select(p => KeyValuePair.Create(p.Key.Replace("__", ":", StringComparison.Ordinal), (string?)p.Value)).Append(new("Millrace:Roles", "web"));

    private Dictionary<string, string> Common => new()
    {
        ["Millrace__MasterKey"] = _masterKey,
        ["Millrace__Smtp__Url"] = $"smtp://127.0.0.1:{Sink.Port}?tls=none",
        ["Millrace__Leases__LeaseSeconds"] = "3",
        ["Millrace__Leases__RenewSeconds"] = "1",
        ["Millrace__Leases__PatienceSeconds"] = "1",
    };

    internal WorkerProcess StartWorker()
    {
        var settings = new Dictionary<string, string>(Common)
        {
            ["Millrace__Database"] = RuntimeConnectionString,
            ["Millrace__OwnerDatabase"] = OwnerConnectionString,
            ["Millrace__DataDirectory"] = Path.Combine(_logs, "data"),
            ["Logging__LogLevel__Default"] = "Warning",
        };
        return WorkerProcess.Start(settings, Path.Combine(_logs, FormattableString.Invariant($"{++_started}.log")));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sink.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(_logs, recursive: true);
    }
}
