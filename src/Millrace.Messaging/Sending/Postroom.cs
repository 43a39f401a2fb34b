using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Catcher;
using Millrace.Messaging.Sending.Routing;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>
/// Everything this process has in hand: which sends, and the outlets they go through. A clean stop ends it before the leases are given back.
/// </summary>
internal sealed class Postroom(
    NpgsqlDataSource database, SendLedger ledger, DomainPace pace, SendingPlans plans, KeyRing keys, WorkSignal signal, IOptions<SmtpOptions> smtp,
    IOptions<SendingOptions> options, TimeProvider clock, ILogger<Postroom> logger) : IHostedService
{
    private readonly ConcurrentDictionary<SendKey, byte> _inHand = new();
    private readonly ConcurrentDictionary<SmtpEndpoint, Outlet> _servers = new();
    private readonly Lock _gate = new();
    private Outlet? _catcher;
    private volatile bool _stopping;
    private volatile bool _full;

    /// <summary>
    /// How many more mails may be claimed; none until a quarter of all is free, for a look over all buckets costs the same for ten as for
    /// hundreds. Who found no room is woken when half of it is free again.
    /// </summary>
    public int Room
    {
        get
        {
            var room = _stopping ? 0 : options.Value.InHand - _inHand.Count;
            _full = room < Math.Max(1, options.Value.InHand / 4);
            return _full ? 0 : room;
        }
    }

    public IReadOnlyCollection<SendKey> InHand => [.. _inHand.Keys];

    public void Hold(SendKey send) => _inHand[send] = 0;

    public void LetGo(SendKey send)
    {
        _inHand.TryRemove(send, out _);
        if (_full && _inHand.Count <= options.Value.InHand / 2)
        {
            _full = false;
            signal.Pulse(nameof(SendDue));
        }
    }

    /// <summary>The ways out of each account: its own server, the installation's or the catcher, and the servers of its plan.</summary>
    public async Task<Dictionary<long, AccountOutlets>> OutletsAsync(NpgsqlTransaction transaction, long[] accountIds, CancellationToken cancellationToken)
    {
        var own = await Sql.Of($"""
            select account_id, host, port, tls, user_name, password from messaging.smtp_settings where account_id = any ({accountIds})
            """).ListAsync<SmtpRow>(transaction, cancellationToken);
        var endpoints = own.ToDictionary(s => s.AccountId, s => s.Endpoint(keys));
        var planned = await plans.LoadAsync(transaction, accountIds, cancellationToken);
        return accountIds.ToDictionary(
            a => a, a => new AccountOutlets(OutletOf(endpoints.GetValueOrDefault(a) ?? smtp.Value.Endpoint), planned[a], server => OutletOf(server.Endpoint)));
    }

    /// <summary>Where an account's mail goes; null: to the catcher.</summary>
    public async Task<SmtpEndpoint?> EndpointAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        (await Sql.Of($"select account_id, host, port, tls, user_name, password from messaging.smtp_settings where account_id = {accountId}")
            .FirstAsync<SmtpRow>(transaction, cancellationToken))?.Endpoint(keys) ?? smtp.Value.Endpoint;

    public SmtpClientOptions ClientOptions { get; } =
        new SmtpClientOptions { EhloName = EhloName, KeepsDialogue = options.Value.KeepDialogueDays > 0 }.WithPatience(smtp.Value.Patience);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        var outlets = _servers.Values.Concat(_catcher is null ? [] : [_catcher]).ToList();
        await Task.WhenAll(outlets.Select(o => o.DisposeAsync().AsTask())).WaitAsync(cancellationToken);
    }

    private Outlet OutletOf(SmtpEndpoint? endpoint)
    {
        lock (_gate)
        {
            if (endpoint is null)
            {
                return _catcher ??= Open(new CatcherTransport(database, clock));
            }

            if (!_servers.TryGetValue(endpoint, out var outlet))
            {
                _servers[endpoint] = outlet = Open(new SmtpTransport(endpoint, smtp.Value.Connections, ClientOptions, clock));
            }

            return outlet;
        }
    }

    private Outlet Open(IMailTransport transport) => new(transport, ledger, pace, Release, clock, logger);

    private void Release(Parcel parcel)
    {
        parcel.Dispose();
        LetGo(parcel.Key);
    }

    private static string EhloName { get; } =
        System.Net.Dns.GetHostName() is { } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? name : "localhost";
}

/// <summary>An account's own server.</summary>
internal sealed record SmtpRow(long AccountId, string Host, int Port, SmtpTls Tls, string? UserName, byte[]? Password)
{
    public static string Place(long accountId) => $"{accountId}:messaging.smtp_settings.password";

    public SmtpEndpoint Endpoint(KeyRing keys) =>
        new(Host, Port, Tls, UserName, Password is null ? null : keys.Open(Password, Place(AccountId)));
}
