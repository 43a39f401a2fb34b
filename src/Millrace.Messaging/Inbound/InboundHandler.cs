using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Millrace.Mail.Receiving;
using Millrace.Mail.Smtp;
using Npgsql;

namespace Millrace.Messaging.Inbound;

/// <summary>Takes mail for our own addresses and for nobody else. The good answer is given when the mail is stored.</summary>
internal sealed partial class InboundHandler(
    NpgsqlDataSource database, InboundRecipients recipients, WorkSignal signal, IOptions<InboundOptions> options, TimeProvider clock, ILogger<InboundHandler> logger) : ISmtpHandler
{
    /// <summary>Of bounces and complaints the beginning says it all.</summary>
    private const int KeptOfReports = 1024 * 1024;

    private static readonly SmtpReply Unknown = new(550, "5.1.1 No such address here");
    private static readonly SmtpReply TooFast = new(450, "4.7.1 Too many, try later");

    private readonly PeerLimit _peers = new(options.Value.PerMinute, clock);

    public async ValueTask<SmtpAnswer> OnRcptAsync(SmtpSession session, string to, CancellationToken cancellationToken)
    {
        if (!_peers.TryTake(session.Peer.Address))
        {
            return TooFast;
        }

        try
        {
            if (await recipients.FindAsync(to, cancellationToken) is not { } recipient)
            {
                return Unknown;
            }

            if (recipient.Purpose == InboundPurpose.Other && await IsFullAsync(recipient.AccountId, cancellationToken))
            {
                return Unknown;
            }

            var taken = (List<InboundRecipient>)(session.State ??= new List<InboundRecipient>());
            if (session.Recipients.Count == 0)
            {
                taken.Clear();
            }

            taken.Add(recipient);
            return SmtpReply.Ok;
        }
        catch (NpgsqlException e)
        {
            LogNotStored(e);
            return new SmtpReply(451, "4.3.0 Try later");
        }
    }

    public async ValueTask<SmtpAnswer> OnMessageAsync(SmtpSession session, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var taken = (List<InboundRecipient>)session.State!;
        try
        {
            await StoreAsync(taken, session.From ?? "", session.Peer.Address, message, cancellationToken);
            signal.Pulse(nameof(ProcessInbound));
            return new SmtpReply(250, "2.0.0 Stored");
        }
        catch (NpgsqlException e)
        {
            LogNotStored(e);
            return new SmtpReply(451, "4.3.0 Try later");
        }
    }

    private async Task StoreAsync(List<InboundRecipient> taken, string from, IPAddress peer, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var whole = message.ToArray();
        var begin = whole.Length > KeptOfReports ? whole[..KeptOfReports] : whole;
        await using var work = await AccountTransaction.BeginAsync(database, [.. taken.Select(t => t.AccountId).Distinct()], cancellationToken);

        // One after the other: they are few, and each carries the mail. An account that is gone has no rows, so its mail is taken and forgotten.
        foreach (var recipient in taken)
        {
            await Sql.Of($"""
                insert into messaging.inbound_mail (account_id, recipient, purpose, mail_from, peer, send_id, contact_id, message_id, raw, received_at)
                select a.id, {recipient.Address}, {recipient.Purpose}, {from}, {peer.ToString()}, s.id, s.contact_id, s.message_id,
                       {(recipient.Purpose == InboundPurpose.Reply ? whole : begin)}, {now}
                from accounts.account a
                left join messaging.send s on s.account_id = a.id and s.id = {recipient.SendId}
                where a.id = {recipient.AccountId}
                """).ExecuteAsync(work, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
    }

    private async Task<bool> IsFullAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        return await Sql.Of($"""
            select count(*) >= {options.Value.UnmatchedPerDay} from (
                select 1 from messaging.inbound_mail
                where account_id = {accountId} and received_at > {clock.GetUtcNow().AddDays(-1)} and purpose = 'other' limit {options.Value.UnmatchedPerDay}) m
            """).FirstAsync<bool>(work, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Inbound mail could not be stored; its sender was asked to try later")]
    private partial void LogNotStored(Exception exception);
}

/// <summary>So many in a minute for each address of the network; IPv6 by its /64.</summary>
internal sealed class PeerLimit(int perMinute, TimeProvider clock)
{
    private const int MaxPeers = 50_000;

    private readonly Dictionary<IPAddress, int> _taken = [];
    private readonly Lock _gate = new();
    private long _minute;

    public bool TryTake(IPAddress peer)
    {
        lock (_gate)
        {
            if (clock.GetElapsedTime(_minute) >= TimeSpan.FromMinutes(1) || _taken.Count > MaxPeers)
            {
                _taken.Clear();
                _minute = clock.GetTimestamp();
            }

            var key = NetworkOf(peer);
            _taken[key] = _taken.GetValueOrDefault(key) + 1;
            return _taken[key] <= perMinute;
        }
    }

    private static IPAddress NetworkOf(IPAddress peer)
    {
        if (peer.IsIPv4MappedToIPv6 || peer.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            return peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        }

        var bytes = peer.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
